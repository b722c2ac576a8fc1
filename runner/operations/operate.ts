import type { Operate } from '../console/console.ts';
import { oneOf } from './arguments.ts';
import type { OperatedStack } from './operation.ts';
import { operations } from './registry.ts';

/** Finds the operation that is ordered and carries it out. */
export function createOperate(operated: OperatedStack): Operate {
  return async ({ name, targets }, run) => {
    const known = oneOf(
      'operation',
      name,
      operations.map((each) => each.name),
    );
    const operation = operations.find((each) => each.name === known);
    return (await operation?.run(targets, { ...operated, ...run })) ?? '';
  };
}
