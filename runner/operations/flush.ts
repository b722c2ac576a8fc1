import type { Operation } from './operation.ts';

export const flush: Operation = {
  name: 'flush',
  does: 'empty the cache',
  async run(_targets, { stack }) {
    await stack.actions.askValkey('valkey', ['FLUSHALL']);
    return 'The cache is empty.';
  },
};
