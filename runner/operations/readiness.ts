import { setTimeout as delay } from 'node:timers/promises';
import { RunnerError } from '../errors.ts';
import type { OperationContext } from './operation.ts';

/** A replica may take 30 s to finish what it has begun; the rest is its start. */
const patienceSeconds = 60;

/** Resolves when the service is ready, and what else is asked for is true. @throws RunnerError SERVICE_FAILED */
export async function untilServiceReady(
  name: string,
  { infrastructure, signal }: OperationContext,
  also: () => boolean = () => true,
): Promise<void> {
  const deadline = performance.now() + 1000 * patienceSeconds;
  while (infrastructure.stateOf(name) !== 'ready' || !also()) {
    if (performance.now() > deadline) {
      const state = infrastructure.stateOf(name);
      throw new RunnerError(
        'SERVICE_FAILED',
        `${name} is not ready after ${patienceSeconds} s, it is ${state}: see "firedrill logs ${name}".`,
      );
    }
    await delay(50, undefined, { signal });
  }
}
