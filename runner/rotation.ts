import { setTimeout as delay } from 'node:timers/promises';
import type { Ports } from '#catalog/ports.ts';
import { metrics } from '#catalog/signals.ts';
import { failurePolicy } from '#nginx/policy.ts';
import { RunnerError } from './errors.ts';

/** nginx may leave out a replica for this long after it failed; then the next request tries it. */
const usualPatienceSeconds = failurePolicy.failTimeoutSeconds + 15;

/**
 * Resolves when nginx has sent a request to each of these replicas, from now on, and it was answered well. Where there is no
 * traffic, health checks through the edge take its place.
 * @throws RunnerError SERVICE_FAILED naming those that get none.
 */
export async function untilInRotation(
  replicas: readonly string[],
  ports: Pick<Ports, 'edge' | 'nginxExporter'>,
  signal: AbortSignal,
  patienceSeconds: number = usualPatienceSeconds,
): Promise<void> {
  if (replicas.length === 0) return;
  const deadline = performance.now() + 1000 * patienceSeconds;
  const before = await answeredWell(ports, signal);
  for (;;) {
    await askForHealth(ports, signal);
    const now = await answeredWell(ports, signal);
    const leftOut = replicas.filter((name) => now(name) === before(name));
    if (leftOut.length === 0) return;
    if (performance.now() > deadline) {
      throw new RunnerError(
        'SERVICE_FAILED',
        `nginx has had no good answer from ${leftOut.join(', ')} for ${patienceSeconds} s: see "firedrill status" and "firedrill logs ${leftOut[0]}".`,
      );
    }
    await delay(100, undefined, { signal });
  }
}

/** Whatever the answer is: who gave it is counted. */
async function askForHealth({ edge }: Pick<Ports, 'edge'>, signal: AbortSignal): Promise<void> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(2000)]);
  await fetch(`http://127.0.0.1:${edge}/health`, { signal: patience })
    .then((response) => response.arrayBuffer())
    .catch(() => undefined);
  signal.throwIfAborted();
}

/** How many requests each replica has answered with 200, by the exporter's count, which is exact at every scrape. */
async function answeredWell({ nginxExporter }: Pick<Ports, 'nginxExporter'>, signal: AbortSignal) {
  const text = await fetch(`http://127.0.0.1:${nginxExporter}/metrics`, { signal })
    .then((response) => response.text())
    .catch((cause: unknown) => {
      signal.throwIfAborted();
      throw new RunnerError('SERVICE_FAILED', 'nginx-exporter does not answer: see "firedrill status".', { cause });
    });
  const counts = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (!line.startsWith(`${metrics.edgeRequests}{`) || !line.includes('status="200"')) continue;
    const [, upstream = '', count] = /upstream="([^"]*)"\} (\d+)/.exec(line) ?? [];
    counts.set(upstream, (counts.get(upstream) ?? 0) + Number(count));
  }
  return (upstream: string): number => counts.get(upstream) ?? 0;
}
