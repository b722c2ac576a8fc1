/** What an operator may do to a stack that is up. */
export const operationNames = [
  'restart',
  'drain',
  'undrain',
  'rollback',
  'flush',
  'scale',
  'replay',
  'stop',
  'start',
] as const;
