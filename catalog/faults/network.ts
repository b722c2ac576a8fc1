import { anyReplica, type FaultDefinition } from './argument.ts';

const targets = ['postgres', 'valkey', 'valkey-queues', anyReplica] as const;

/** One way between two services can be broken in both, or in one of its directions. */
const direction = {
  kind: 'choice',
  of: ['downstream', 'upstream'],
  default: 'downstream',
  help: 'What is touched: answers (downstream) or requests (upstream).',
} as const;

/** Faults between nginx and a replica, or between the replicas and a store. They are put there by Toxiproxy. */
export const networkFaults = {
  'network-latency': {
    place: 'network',
    effect: 'Everything on the way takes so much longer.',
    targets,
    args: {
      delayMs: { kind: 'number', unit: 'ms', min: 1, max: 60_000, whole: true, default: 200, help: 'Added delay.' },
      direction,
    },
  },
  'network-jitter': {
    place: 'network',
    effect: 'Everything on the way takes longer, now more, now less.',
    targets,
    args: {
      delayMs: {
        kind: 'number',
        unit: 'ms',
        min: 1,
        max: 60_000,
        whole: true,
        default: 200,
        help: 'Mean of what is added.',
      },
      jitterMs: {
        kind: 'number',
        unit: 'ms',
        min: 1,
        max: 60_000,
        whole: true,
        default: 150,
        help: 'How far it may be from that, both ways; no more than the mean counts.',
      },
      direction,
    },
  },
  'network-bandwidth': {
    place: 'network',
    effect: 'The way is narrow: large answers take long, small ones do not.',
    targets,
    args: {
      rateKiBPerSecond: {
        kind: 'number',
        unit: 'KiB/s',
        min: 1,
        max: 1_000_000,
        whole: true,
        default: 16,
        help: 'What gets through.',
      },
      direction,
    },
  },
  'network-timeout': {
    place: 'network',
    effect: 'Nothing gets through, and nobody is told: connections stay open and silent.',
    targets,
    args: { direction },
  },
  'network-reset-peer': {
    place: 'network',
    effect: 'Connections are reset after a while, in the middle of what they carry.',
    targets,
    args: {
      afterMs: {
        kind: 'number',
        unit: 'ms',
        min: 0,
        max: 60_000,
        whole: true,
        default: 0,
        help: 'How long a connection lives.',
      },
      direction,
    },
  },
  'network-slicer': {
    place: 'network',
    effect: 'Data arrives in small pieces with pauses between them.',
    targets,
    args: {
      sizeBytes: {
        kind: 'number',
        unit: 'count',
        min: 1,
        max: 65_536,
        whole: true,
        default: 64,
        help: 'Bytes in a piece, on average.',
      },
      pauseMs: {
        kind: 'number',
        unit: 'ms',
        min: 1,
        max: 10_000,
        whole: true,
        default: 5,
        help: 'Between two pieces.',
      },
      direction,
    },
  },
  'network-down': {
    place: 'network',
    effect: 'Connections are refused, and those that are open end.',
    targets,
    args: {},
  },
} as const satisfies Readonly<Record<string, FaultDefinition>>;
