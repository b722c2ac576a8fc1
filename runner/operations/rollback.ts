import { rolledBack } from '#catalog/operations.ts';
import { onlyTarget } from './arguments.ts';
import { replicasOf } from './drain.ts';
import type { Operation } from './operation.ts';
import { untilServiceReady } from './readiness.ts';

export const rollback: Operation = {
  name: 'rollback',
  does: 'bring a service back to its last good release and configuration',
  argument: '<service>',
  async run(targets, context) {
    const { stack, infrastructure, report } = context;
    const name = onlyTarget('service', targets, [...replicasOf(stack), ...rolledBack]);
    switch (name) {
      case 'nginx':
        await infrastructure.edge.drop(({ kind }) => kind !== 'away' && kind !== 'via');
        break;
      case 'valkey':
        await infrastructure.cacheLimits.drop();
        break;
      default:
        await infrastructure.releases(name).drop();
        report('until it is ready');
        await untilServiceReady(name, context);
    }
    return `Rolled back: ${name}.`;
  },
};
