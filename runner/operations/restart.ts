import type { ReplicaName } from '#catalog/services.ts';
import { untilInRotation } from '../rotation.ts';
import { chosen } from './arguments.ts';
import type { Operation, OperationContext } from './operation.ts';
import { untilServiceReady } from './readiness.ts';

/**
 * A replica that was away may be left out by nginx for 30 s: ending the next one meanwhile would leave none. Leading nginx past it for
 * that long would be quicker, but each reload ends connections that clients keep, and now and then a request that comes on one.
 * @source docs/adr/0001-what-nginx-counts-as-an-upstream-failure.md
 */
export const restart: Operation = {
  name: 'restart',
  does: 'restart replicas one after the other, without a failed request',
  argument: '[replicas...]',
  async run(names, context) {
    const { stack, infrastructure, report, signal } = context;
    const { ports } = stack.options;
    const all = stack.replicas.map(({ name }) => name);
    const wanted = chosen('replicas', names, all);
    for (const name of wanted) {
      // Whoever is down or hangs serves nobody: for the sake of the others there is nothing to wait for.
      const others = all.filter((other) => other !== name && infrastructure.stateOf(other) === 'ready');
      if (infrastructure.stateOf(name) === 'ready') {
        report(`${name}: until nginx sends requests to all others`);
        await untilInRotation(others, ports, signal);
      }
      report(`${name}: finishing its requests`);
      await restartOne(name, context);
    }
    return `Restarted: ${wanted.join(', ')}.`;
  },
};

async function restartOne(name: ReplicaName, context: OperationContext): Promise<void> {
  const { stack, infrastructure } = context;
  const restarts = () => stack.status().find((service) => service.name === name)?.restarts ?? 0;
  const before = restarts();
  await infrastructure.restartAnyway(name);
  await untilServiceReady(name, context, () => restarts() > before);
}
