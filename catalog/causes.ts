/** What can be the matter, a sentence each: the choices of whoever says what broke. */
export const causes = {
  'failing-replica': 'A replica answers with errors, although all that it depends on is well.',
  'slow-replica': 'A replica answers late or never, although all that it depends on is well.',
  'crashing-process': 'A process ends, again and again or for good.',
  'bad-release': 'A new version, or a changed configuration of a service, does not work.',
  'edge-misconfigured': 'The edge sends requests to the wrong place, or refuses those that it should let through.',
  'store-down': 'A store cannot be reached, or refuses whoever asks.',
  'slow-store': 'A store answers late: a query without an index, a lock, too much to read.',
  network: 'The way between two services is slow, loses data, or is cut.',
  'pool-exhausted': 'Requests wait for a connection of a pool that is not given back.',
  'cache-ineffective': 'The cache does not help: it was emptied, evicts too much, or is passed by.',
  'memory-exhausted': 'A process needs more memory than it has, or soon will.',
  'cpu-exhausted': 'A process is busy computing, and everything else in it waits.',
  'queue-stuck': 'Messages wait or fail: a consumer has stopped, a message cannot be processed, or there are too many.',
  overload: 'More work arrives than can be done, and retries add to it.',
  'telemetry-lost': 'What watches the services is blind or flooded; users may be well.',
  'wrong-data': 'Answers look right and are not: stale or wrong content with status 200.',
  none: 'Nothing is broken.',
} as const;

export type Cause = keyof typeof causes;

export const causeNames = Object.keys(causes) as readonly Cause[];
