import type { Operate } from '../console/console.ts';
import { RunnerError } from '../errors.ts';
import type { Operation } from './operation.ts';

/** Finds the operation that is ordered and carries it out. */
export function createOperate(operations: readonly Operation[]): Operate {
  return async ({ name, targets }, context) => {
    const operation = operations.find((each) => each.name === name);
    if (operation === undefined) {
      const known = operations.map((each) => each.name).join(', ');
      throw new RunnerError('USAGE', `operation: expected one of ${known} (got "${name}")`);
    }
    return await operation.run(targets, context);
  };
}
