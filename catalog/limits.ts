/** What one replica of the backend may take. */
export const replicaLimits = {
  /** Resident, at its peak. */
  memoryBytes: 256 * 1024 * 1024,
  /** Connections to the database, and as many calls to it at a time. */
  databaseConnections: 10,
  /** p99: beyond it every request of the replica waits for another one. */
  eventLoopLagSeconds: 0.1,
} as const;
