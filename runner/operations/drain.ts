import { onlyTarget } from './arguments.ts';
import type { OperatedStack, Operation } from './operation.ts';

export const drain: Operation = {
  name: 'drain',
  does: 'let nginx send no more requests to a replica',
  argument: '<replica>',
  async run(targets, { stack, infrastructure }) {
    const replica = onlyTarget('replica', targets, replicasOf(stack));
    await infrastructure.edge.drop((wish) => wish.kind === 'away' && wish.replica === replica);
    await infrastructure.configureEdge({ kind: 'away', replica });
    return `Drained: ${replica}.`;
  },
};

export function replicasOf({ replicas }: OperatedStack['stack']) {
  return replicas.map(({ name }) => name);
}
