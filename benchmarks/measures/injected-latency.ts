import { systemClock as clock, pause } from '#mock-services/platform/clock.ts';
import { FaultPoint } from '#mock-services/platform/fault-point.ts';
import type { Fault, ServiceParts } from '#mock-services/platform/faults/fault.ts';
import { latency } from '#mock-services/platform/faults/latency.ts';
import { createSeams } from '#mock-services/platform/seams.ts';
import { type Benchmark, once } from '../benchmark.ts';
import { quantile } from '../statistics.ts';

const route = '/api/backend/trivial';
const delayMs = 20;
const requests = 400;

/** How far a delay that is injected is from the one that was asked for, in a process with nothing else to do. */
export const injectedLatency: Benchmark = {
  name: 'injected-latency',
  title: 'injected latency',
  async run() {
    const point = new FaultPoint({
      clock,
      instance: 'backend-1',
      apiRoutes: [route],
      faults: [latency as unknown as Fault],
      errorRatio: 0,
      seed: 'benchmark',
      parts: {} as ServiceParts,
      seams: createSeams(),
    });
    point.inject('f', { fault: 'latency', args: { delayMs }, seed: 'benchmark', leaseSeconds: 60 });
    // Nothing else does: the timers of a service keep no process alive.
    const awake = setInterval(() => undefined, 1_000);
    const injected: number[] = [];
    const bare: number[] = [];
    for (let index = 0; index < requests; index += 1) {
      injected.push(await offMs(async () => point.gate?.(route)));
      bare.push(await offMs(() => pause(clock, delayMs)));
    }
    point.revertAll();
    clearInterval(awake);
    return [
      {
        measure: 'injected delay, off by at p99',
        value: once(p99(injected)),
        unit: 'ms',
        toReach: { atMost: 5 },
        note: `${requests} requests, one at a time, ${delayMs} ms asked for; a bare timer beside it: ${p99(bare).toFixed(2)} ms`,
      },
    ];
  },
};

async function offMs(wait: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await wait();
  return Math.abs(performance.now() - startedMs - delayMs);
}

function p99(values: readonly number[]): number {
  return quantile(
    values.toSorted((one, other) => one - other),
    0.99,
  );
}
