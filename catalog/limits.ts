/** What one replica of the backend may take. */
export const replicaLimits = {
  /** Resident, at its peak. */
  memoryBytes: 256 * 1024 * 1024,
  /** Connections to the database, and as many calls to it at a time. */
  databaseConnections: 10,
  /** p99: beyond it every request of the replica waits for another one. */
  eventLoopLagSeconds: 0.1,
  /** Lines logged for each request and each message, and how many a second are nothing to speak of. */
  logLinesPerUnit: 10,
  logLinesPerSecond: 100,
} as const;

/** Samples of one target in one scrape: far above what any has that names its series with care. */
export const samplesPerTarget = 6_000;

/**
 * V8's settings for a replica: within 128 MB at rest and 256 MB at its peak. With so small a limit V8 lets the heap grow by 30 %
 * between two collections, ten a second at full load: 60 % took a sixth off the time of a cached read and 5 MB more
 * (`npm run bench`). A larger semi-space made reads slower.
 */
export const replicaFlags = [
  '--max-old-space-size=128',
  '--max-semi-space-size=4',
  '--heap-growing-percent=60',
] as const;

/** V8's settings for a program that holds next to nothing. */
export const exporterFlags = ['--max-old-space-size=64', '--max-semi-space-size=2'] as const;

/** No message shall wait longer in its queue. */
export const oldestMessageSeconds = 10;
