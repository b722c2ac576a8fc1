const databaseConnectSeconds = 5;
const databaseQuerySeconds = 3;
const edgeConnectSeconds = 1;
const databaseOperationSeconds = databaseConnectSeconds + databaseQuerySeconds;
const edgeReadSeconds = databaseOperationSeconds + 1;
const replicasTried = 2;
const slowAnswerSeconds = 10;

/**
 * How long each waits for the one behind it. Whoever is asked gives up before whoever asks: its own answer then reaches the
 * user, and nginx does not count a slow database against the replicas. client > edge > backend > database.
 */
export const timeouts = {
  /** Until a connection to the database is there, or one of the pool is free. */
  databaseConnectSeconds,
  databaseQuerySeconds,
  /** All that one operation may take: its wait for a place, each attempt at it and the pauses between them. */
  databaseOperationSeconds,
  edgeConnectSeconds,
  /** Until the first byte of a replica's answer, and between two reads of it. */
  edgeReadSeconds,
  /** What `GET /api/backend/error/timeout` takes, and how long nginx waits for it there: longer, or it would blame the replica. */
  slowAnswerSeconds,
  edgeSlowReadSeconds: slowAnswerSeconds + 2,
  /** Between two health checks of a replica by the edge, in production. */
  edgeHealthPeriodSeconds: 30,
  /** A client that waits this long gets an answer, even where the first replica hangs and then the second one too. */
  clientSeconds: replicasTried * (edgeConnectSeconds + edgeReadSeconds) + 1,
} as const;
