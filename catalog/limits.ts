/** What one replica of the backend may take. */
export const replicaLimits = {
  /** Resident, at its peak. */
  memoryBytes: 256 * 1024 * 1024,
  /** Connections to the database, and as many calls to it at a time. */
  databaseConnections: 10,
} as const;
