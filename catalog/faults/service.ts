import { anyReplica, type FaultDefinition } from './argument.ts';

/** Faults in a replica, ordered at its control port. */
export const serviceFaults = {
  'http-error': {
    place: 'service',
    effect: 'A share of the requests fails at once, before any work is done: the replica looks idle and draws traffic.',
    targets: [anyReplica],
    args: {
      ratio: {
        kind: 'number',
        unit: 'share',
        min: 0,
        max: 1,
        default: 1,
        help: 'Share of the matching requests that fail, exact to ± 1 request.',
      },
      status: { kind: 'choice', of: [500, 502, 503, 504], default: 500, help: 'HTTP status of the failure.' },
      routes: { kind: 'routes', help: 'Routes that fail. Health, metrics and control never do.' },
    },
  },
} as const satisfies Readonly<Record<string, FaultDefinition>>;
