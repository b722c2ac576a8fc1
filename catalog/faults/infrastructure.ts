import { anyReplica, type FaultDefinition } from './argument.ts';

const stores = ['postgres', 'valkey', 'valkey-queues'] as const;

/** Faults in processes, in how they are configured, and in what is deployed. */
export const infrastructureFaults = {
  'process-kill': {
    place: 'infrastructure',
    effect:
      'The process is killed at once. Replicas come back by themselves; what does not is started when the fault ends.',
    targets: [anyReplica, ...stores, 'nginx'],
    endsProcess: true,
    args: {},
  },
  'process-pause': {
    place: 'infrastructure',
    effect: 'A zombie: it takes connections and never answers.',
    targets: [anyReplica, ...stores],
    args: {},
  },
  'process-restart': {
    place: 'infrastructure',
    effect: 'It is restarted in order, once.',
    targets: [anyReplica, ...stores],
    endsProcess: true,
    args: {},
  },
  'service-stop': {
    place: 'infrastructure',
    effect: 'It is down for as long as the fault lasts.',
    targets: [anyReplica, ...stores],
    endsProcess: true,
    args: {},
  },
  'telemetry-down': {
    place: 'infrastructure',
    effect: 'A part of what watches is down: what it would have told is not told.',
    targets: ['collector', 'loki', 'jaeger', 'prometheus', 'nginx-exporter'],
    endsProcess: true,
    args: {},
  },
  'scale-down': {
    place: 'infrastructure',
    effect: 'A replica is taken away in order: the others do its work.',
    targets: [anyReplica],
    endsProcess: true,
    args: {},
  },
  flapping: {
    place: 'infrastructure',
    effect: 'A replica dies and comes back, again and again.',
    targets: [anyReplica],
    endsProcess: true,
    args: {
      downSeconds: {
        kind: 'number',
        unit: 's',
        min: 0.5,
        max: 300,
        default: 3,
        help: 'How long it is away each time.',
      },
      upSeconds: { kind: 'number', unit: 's', min: 0.5, max: 300, default: 5, help: 'How long it is there each time.' },
    },
  },
  'bad-release': {
    place: 'infrastructure',
    effect: 'A replica is deployed anew as the next version, with one setting that is wrong.',
    targets: [anyReplica],
    endsProcess: true,
    args: {
      setting: {
        kind: 'choice',
        of: ['max-in-flight', 'database-password', 'token-secret', 'cache-address', 'queue-address'],
        default: 'max-in-flight',
        help: 'Which setting is wrong.',
      },
    },
  },
  'crash-loop': {
    place: 'infrastructure',
    effect: 'A replica is deployed anew as the next version, which ends as soon as it starts.',
    targets: [anyReplica],
    endsProcess: true,
    args: {},
  },
  'cache-eviction': {
    place: 'infrastructure',
    effect: 'The cache may hold much less than it did: it evicts what is still needed.',
    targets: ['valkey'],
    args: {
      sizeMiB: {
        kind: 'number',
        unit: 'MiB',
        min: 1,
        max: 256,
        default: 2,
        help: 'What it may hold, its own needs included.',
      },
    },
  },
  'edge-bad-config': {
    place: 'infrastructure',
    effect: 'nginx is given a configuration that it takes, and that is wrong.',
    targets: ['nginx'],
    args: {
      mistake: {
        kind: 'choice',
        of: ['wrong-port', 'missing-route', 'short-timeout'],
        default: 'wrong-port',
        help: 'A replica is looked for where nobody listens; a part of the API is not passed on; replicas are given no time to answer.',
      },
      routes: { kind: 'routes', help: 'What is missing, with all that begins alike; of the mistake missing-route.' },
    },
  },
  'edge-rate-limit': {
    place: 'infrastructure',
    effect: 'nginx refuses clients who ask no more often than usual.',
    targets: ['nginx'],
    args: {
      perSecond: {
        kind: 'number',
        unit: '1/s',
        min: 0.1,
        max: 10_000,
        default: 1,
        help: 'Requests that each client may send.',
      },
      burst: {
        kind: 'number',
        unit: 'count',
        min: 0,
        max: 10_000,
        whole: true,
        default: 0,
        help: 'Requests that a client may be ahead of that.',
      },
    },
  },
} as const satisfies Readonly<Record<string, FaultDefinition>>;
