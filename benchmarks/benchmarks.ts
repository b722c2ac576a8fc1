import type { Benchmark } from './benchmark.ts';
import { faultPoint } from './measures/fault-point.ts';
import { injectedLatency } from './measures/injected-latency.ts';
import { latency } from './measures/latency.ts';
import { memory } from './measures/memory.ts';
import { reads } from './measures/reads.ts';
import { scaling } from './measures/scaling.ts';
import { scrape } from './measures/scrape.ts';

/** All there are, in the order they are run. */
export const benchmarks: readonly Benchmark[] = [
  ...reads,
  faultPoint,
  injectedLatency,
  scrape,
  memory,
  scaling,
  latency,
];
