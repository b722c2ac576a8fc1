import { anyReplica, type FaultDefinition } from './argument.ts';

/** What memory a fault takes: objects of JavaScript, of which V8 bears 128 MiB, or memory beside them, of which only the container's limit is one. */
const memory = {
  kind: 'choice',
  of: ['heap', 'buffers'],
  default: 'heap',
  help: 'Memory that V8 manages and ends the process for want of, or buffers beside it.',
} as const;

/** Faults in a replica that act on its process, its messages and its telemetry. */
export const processFaults = {
  crash: {
    place: 'service',
    effect: 'The process ends with an uncaught error, and is started again by its supervisor.',
    targets: [anyReplica],
    endsProcess: true,
    args: {
      afterRequests: {
        kind: 'number',
        unit: 'count',
        min: 0,
        max: 1_000_000,
        whole: true,
        default: 0,
        help: 'Requests to the API that are still taken; 0: it does not wait for requests.',
      },
      everySeconds: {
        kind: 'number',
        unit: 's',
        min: 0,
        max: 3_600,
        default: 0,
        help: 'So long after each start it ends, again and again; 0: once.',
      },
    },
  },
  'memory-leak': {
    place: 'service',
    effect: 'Memory is taken bit by bit and not given back, until the limit or until the process ends for want of it.',
    targets: [anyReplica],
    endsProcess: true,
    args: {
      growthMiBPerSecond: {
        kind: 'number',
        unit: 'MiB/s',
        min: 0.1,
        max: 512,
        default: 10,
        help: 'How fast it grows.',
      },
      limitMiB: {
        kind: 'number',
        unit: 'MiB',
        min: 0,
        max: 4_096,
        default: 0,
        help: 'Where it stops growing; 0: nowhere.',
      },
      memory,
    },
  },
  'memory-spike': {
    place: 'service',
    effect: 'Memory is taken at once, and held.',
    targets: [anyReplica],
    endsProcess: true,
    args: {
      sizeMiB: { kind: 'number', unit: 'MiB', min: 1, max: 4_096, default: 64, help: 'How much.' },
      memory: { ...memory, default: 'buffers' },
    },
  },
  'cpu-burn': {
    place: 'service',
    effect:
      'A share of the time of the event loop is spent on nothing, in slices: every request waits for some of them.',
    targets: [anyReplica],
    args: {
      share: { kind: 'number', unit: 'share', min: 0, max: 1, default: 0.9, help: 'Of the time of the event loop.' },
      sliceMs: {
        kind: 'number',
        unit: 'ms',
        min: 1,
        max: 250,
        default: 50,
        help: 'How long nothing else gets a turn.',
      },
    },
  },
  'event-loop-block': {
    place: 'service',
    effect:
      'The event loop waits for a call that does not return, again and again: no request is answered meanwhile, no timer runs.',
    targets: [anyReplica],
    args: {
      blockMs: { kind: 'number', unit: 'ms', min: 1, max: 2_000, default: 500, help: 'How long it stands still.' },
      pauseMs: {
        kind: 'number',
        unit: 'ms',
        min: 50,
        max: 60_000,
        default: 500,
        help: 'How long it turns in between.',
      },
    },
  },
  'poison-message': {
    place: 'service',
    effect: 'Messages are sent that no consumer can handle: each is tried as often as any, and given up.',
    targets: [anyReplica],
    reach: 'all',
    args: {
      count: { kind: 'number', unit: 'count', min: 1, max: 10_000, whole: true, default: 1, help: 'How many in all.' },
      perSecond: { kind: 'number', unit: '1/s', min: 0.1, max: 500, default: 10, help: 'How many a second.' },
      priority: { kind: 'choice', of: ['high', 'medium', 'low'], default: 'medium', help: 'Into which queue.' },
    },
  },
  'consumer-stuck': {
    place: 'service',
    effect: 'The consumer takes messages as before and finishes none, until it may take no more.',
    targets: [anyReplica],
    args: {},
  },
  'queue-flood': {
    place: 'service',
    effect: 'Far more messages are sent than usual, each of them fine.',
    targets: [anyReplica],
    reach: 'all',
    args: {
      perSecond: { kind: 'number', unit: '1/s', min: 1, max: 5_000, default: 500, help: 'How many a second.' },
      count: {
        kind: 'number',
        unit: 'count',
        min: 1,
        max: 50_000,
        whole: true,
        default: 10_000,
        help: 'How many in all.',
      },
      priority: { kind: 'choice', of: ['high', 'medium', 'low'], default: 'low', help: 'Into which queue.' },
    },
  },
  'log-flood': {
    place: 'service',
    effect: 'Far more lines are logged than usual: what matters drowns, and the pipeline has to carry them.',
    targets: [anyReplica],
    args: {
      perSecond: { kind: 'number', unit: '1/s', min: 1, max: 20_000, default: 1_000, help: 'Lines a second.' },
    },
  },
  'metric-cardinality': {
    place: 'service',
    effect: 'A label takes ever new values: the metrics of the replica have more and more series.',
    targets: [anyReplica],
    args: {
      perSecond: { kind: 'number', unit: '1/s', min: 1, max: 10_000, default: 500, help: 'New series a second.' },
      count: {
        kind: 'number',
        unit: 'count',
        min: 1,
        max: 50_000,
        whole: true,
        default: 10_000,
        help: 'New series in all.',
      },
    },
  },
  'telemetry-loss': {
    place: 'service',
    effect: 'What the replica tells of itself does not arrive.',
    targets: [anyReplica],
    args: {
      signal: {
        kind: 'choice',
        of: ['all', 'metrics', 'logs', 'spans'],
        default: 'all',
        help: 'What of it is lost.',
      },
    },
  },
} as const satisfies Readonly<Record<string, FaultDefinition>>;
