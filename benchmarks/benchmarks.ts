import type { Benchmark } from './benchmark.ts';
import { faultPoint } from './measures/fault-point.ts';
import { reads } from './measures/reads.ts';

/** All there are, in the order they are run. */
export const benchmarks: readonly Benchmark[] = [...reads, faultPoint];
