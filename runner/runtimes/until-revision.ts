import { setTimeout as delay } from 'node:timers/promises';
import { RunnerError } from '../errors.ts';

const patienceMs = 10_000;

/**
 * Resolves when nginx serves by the configuration that was written for it.
 * @throws RunnerError SERVICE_FAILED when it goes on by another one
 */
export async function untilRevision(wanted: string, ask: (signal: AbortSignal) => Promise<string>): Promise<void> {
  const deadline = AbortSignal.timeout(patienceMs);
  while (!deadline.aborted) {
    const found = await ask(AbortSignal.any([deadline, AbortSignal.timeout(1000)])).catch(() => undefined);
    if (found === wanted) return;
    await delay(20);
  }
  throw new RunnerError('SERVICE_FAILED', 'nginx did not take its new configuration: see "firedrill logs nginx".');
}
