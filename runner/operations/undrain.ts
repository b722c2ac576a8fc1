import { onlyTarget } from './arguments.ts';
import { replicasOf } from './drain.ts';
import type { Operation } from './operation.ts';

export const undrain: Operation = {
  name: 'undrain',
  does: 'let nginx send requests to a replica again',
  argument: '<replica>',
  async run(targets, { stack, infrastructure }) {
    const replica = onlyTarget('replica', targets, replicasOf(stack));
    await infrastructure.edge.drop((wish) => wish.kind === 'away' && wish.replica === replica);
    return `In rotation again: ${replica}.`;
  },
};
