const databaseConnectSeconds = 5;
const databaseQuerySeconds = 3;

/**
 * How long each waits for the one behind it. Whoever is asked gives up before whoever asks: its own answer then reaches the
 * user, and nginx does not count a slow database against the replicas.
 */
export const timeouts = {
  /** Until a connection to the database is there, or one of the pool is free. */
  databaseConnectSeconds,
  databaseQuerySeconds,
  /** Until the first byte of a replica's answer. */
  edgeReadSeconds: databaseConnectSeconds + databaseQuerySeconds + 1,
} as const;
