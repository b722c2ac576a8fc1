import { anyReplica, type FaultDefinition } from './argument.ts';

const exact = 'exact to ± 1 over the first n, for every n';

/** Faults in a replica that act on what it does for requests, ordered at its control port. */
export const requestFaults = {
  'http-error': {
    place: 'service',
    effect: 'Requests fail at once, before any work is done: the replica looks idle and draws traffic.',
    targets: [anyReplica],
    args: {
      mode: {
        kind: 'choice',
        of: ['ratio', 'first', 'every', 'exact'],
        default: 'ratio',
        help: 'Which requests fail: a share of them, the first ones, each n-th one, or those that are listed.',
      },
      ratio: share(`Of mode ratio: share of the matching requests that fail, ${exact}.`),
      count: whole('count', 1, 1_000_000, 1, 'Of mode first: so many fail.'),
      every: whole('count', 1, 1_000_000, 2, 'Of mode every: the n-th request fails, and each n-th one after it.'),
      requests: {
        kind: 'numbers',
        max: 1_000_000_000,
        default: [],
        help: 'Of mode exact: the numbers of the requests that fail, counted from 0.',
      },
      status: { kind: 'choice', of: [500, 502, 503, 504], default: 500, help: 'HTTP status of the failure.' },
      routes: { kind: 'routes', help: 'Routes that fail. Health, metrics and control never do.' },
    },
  },
  latency: {
    place: 'service',
    effect: 'Requests wait before any work is done: the replica answers late, and looks busy.',
    targets: [anyReplica],
    args: {
      distribution: {
        kind: 'choice',
        of: ['fixed', 'normal', 'heavy-tail'],
        default: 'fixed',
        help: 'How delays differ: not at all, around a mean, or with few that are very long (Pareto, shape 1.5).',
      },
      delayMs: whole('ms', 1, 30_000, 500, 'The delay; the mean of normal, the median of heavy-tail.'),
      spreadMs: whole('ms', 0, 30_000, 100, 'Of normal: the standard deviation.'),
      ratio: share(`Share of the matching requests that wait, ${exact}.`),
      routes: { kind: 'routes', help: 'Routes that wait.' },
    },
  },
  timeout: {
    place: 'service',
    effect: 'Requests hang, and fail after longer than anybody waits.',
    targets: [anyReplica],
    args: {
      holdMs: whole('ms', 100, 60_000, 10_000, 'How long a request hangs.'),
      ratio: share(`Share of the matching requests that hang, ${exact}.`),
      routes: { kind: 'routes', help: 'Routes that hang.' },
    },
  },
  'route-regression': {
    place: 'service',
    effect: 'One route does worse, as after a release: each read is made many times over, or its result is misread.',
    targets: [anyReplica],
    args: {
      becomes: { kind: 'choice', of: ['slow', 'failing'], default: 'slow', help: 'What the release made of it.' },
      statements: whole('count', 2, 100, 10, 'Of slow: how many reads of the database take the place of one.'),
      ratio: share(`Share of its reads of the database, ${exact}.`),
      routes: { kind: 'routes', required: true, help: 'The routes that the release changed.' },
    },
  },
  'auth-failure': {
    place: 'service',
    effect: 'Valid tokens are refused, as after a key was changed in one place only; who comes without one is served.',
    targets: [anyReplica],
    args: {
      status: { kind: 'choice', of: [401, 403], default: 401, help: 'Not known any more, or not allowed any more.' },
      ratio: share(`Share of the requests with a valid token, ${exact}.`),
      routes: { kind: 'routes', help: 'Routes that refuse them.' },
    },
  },
  'database-error': {
    place: 'service',
    effect: 'Statements fail as PostgreSQL and its driver fail them, while the database answers the health check.',
    targets: [anyReplica],
    args: {
      failure: {
        kind: 'choice',
        of: ['connection-lost', 'too-many-connections', 'shutting-down', 'missing-column'],
        default: 'connection-lost',
        help: 'What is told of it: the first three speak of a database that is not well, the last of a wrong statement.',
      },
      ratio: share(`Share of the statements, ${exact}.`),
      routes: { kind: 'routes', help: 'Routes whose statements fail; empty: all, also those of no request.' },
    },
  },
  'slow-query': {
    place: 'service',
    effect: 'Statements take longer in the database, each in a connection that others wait for.',
    targets: [anyReplica],
    args: {
      delayMs: whole('ms', 1, 10_000, 500, 'By how much.'),
      ratio: share(`Share of the statements, ${exact}.`),
      routes: { kind: 'routes', help: 'Routes whose statements are slow; empty: all, also those of no request.' },
    },
  },
  'table-lock': {
    place: 'service',
    effect: 'A session of the database locks a table and stays idle in its transaction: every replica waits behind it.',
    targets: [anyReplica],
    reach: 'all',
    args: {
      table: { kind: 'choice', of: ['data', 'users'], default: 'data', help: 'What is locked.' },
      lockMs: whole('ms', 10, 600_000, 600_000, 'How long it is held each time.'),
      everyMs: whole('ms', 20, 600_000, 600_000, 'From one time it is taken to the next.'),
    },
  },
  'pool-leak': {
    place: 'service',
    effect: 'Connections to the database are not given back after use, until none is left.',
    targets: [anyReplica],
    args: {
      connections: whole('count', 1, 10, 10, 'How many are kept at most; the pool has ten.'),
      ratio: share(`Share of the uses after which the connection is kept, ${exact}.`),
    },
  },
  'cache-bypass': {
    place: 'service',
    effect: 'Reads do not find what the cache holds: each of them goes to the database.',
    targets: [anyReplica],
    args: {
      ratio: share(`Share of the reads of the cache, ${exact}.`),
      routes: { kind: 'routes', help: 'Routes whose reads miss.' },
    },
  },
  'cache-stampede': {
    place: 'service',
    effect: 'All that the cache holds is removed at once, and whoever misses loads it for himself.',
    targets: [anyReplica],
    reach: 'all',
    args: {
      everyMs: whole('ms', 50, 600_000, 1_000, 'From one flush to the next. All replicas share the cache.'),
    },
  },
  'stale-data': {
    place: 'service',
    effect: 'Reads are answered with 200 and a body that is well formed and wrong.',
    targets: [anyReplica],
    args: {
      wrong: {
        kind: 'choice',
        of: ['other', 'old'],
        default: 'other',
        help: 'What is given: what somebody else asked for just before, or what it was when it was first read.',
      },
      ratio: share(`Share of the cached reads, ${exact}.`),
      routes: { kind: 'routes', help: 'Routes that answer wrongly.' },
    },
  },
} as const satisfies Readonly<Record<string, FaultDefinition>>;

function share(help: string) {
  return { kind: 'number', unit: 'share', min: 0, max: 1, default: 1, help } as const;
}

function whole<Unit extends 'ms' | 'count'>(unit: Unit, min: number, max: number, value: number, help: string) {
  return { kind: 'number', unit, min, max, whole: true, default: value, help } as const;
}
