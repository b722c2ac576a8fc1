import { neverStopped } from '#catalog/operations.ts';
import { onlyTarget } from './arguments.ts';
import type { OperatedStack, Operation } from './operation.ts';

export const stop: Operation = {
  name: 'stop',
  does: 'end a service in order; it stays down until it is started',
  argument: '<service>',
  async run(targets, { stack, infrastructure }) {
    const name = onlyTarget('service', targets, stoppable(stack));
    await infrastructure.hold(name, 'stopped');
    return `Stopped: ${name}.`;
  },
};

export function stoppable(stack: OperatedStack['stack']): readonly string[] {
  return stack
    .status()
    .map(({ name }) => name)
    .filter((name) => !neverStopped.includes(name));
}
