/** What an operator may do to a stack that is up. */
export const operationNames = [
  'restart',
  'drain',
  'undrain',
  'rollback',
  'reroute',
  'flush',
  'scale',
  'replay',
  'stop',
  'start',
] as const;

/** What beside replicas can go back to what it was configured with before. */
export const rolledBack = ['nginx', 'valkey'] as const;

/** Not the network between the others, nor what tells of pages. */
export const neverStopped: readonly string[] = ['toxiproxy', 'pager'];
