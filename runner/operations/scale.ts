import { RunnerError } from '../errors.ts';
import { replicasOf } from './drain.ts';
import type { Operation } from './operation.ts';
import { untilServiceReady } from './readiness.ts';

export const scale: Operation = {
  name: 'scale',
  does: 'have so many replicas serve, of those that the stack was made with',
  argument: '<replicas>',
  async run([count = '', ...rest], context) {
    const { stack, infrastructure, report } = context;
    const all = replicasOf(stack);
    const wanted = Number(count);
    if (rest.length > 0 || !/^\d+$/.test(count) || wanted > all.length) {
      const got = [count, ...rest].join(' ') || 'nothing';
      throw new RunnerError('USAGE', `replicas: expected a whole number from 0 to ${all.length} (got "${got}")`);
    }
    for (const replica of all.slice(0, wanted)) {
      report(`${replica}: until it is ready`);
      await infrastructure.holds(replica).drop();
      await untilServiceReady(replica, context);
      await infrastructure.edge.drop((wish) => wish.kind === 'away' && wish.replica === replica);
    }
    for (const replica of all.slice(wanted)) {
      report(`${replica}: finishing its requests`);
      await infrastructure.configureEdge({ kind: 'away', replica });
      await infrastructure.hold(replica, 'stopped');
    }
    return `Replicas that serve: ${wanted} of ${all.length}.`;
  },
};
