import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** Written by the scenarios: `load-tests/scenarios/shared/summary.ts`. */
const schema = z.object({
  durationSeconds: z.number(),
  iterations: z.number(),
  /** Iterations that could not be started on time: load that was promised and not offered. */
  droppedIterations: z.number(),
  /** Begun later than they were due, by the load generator's own doing; only told of a constant rate. */
  lateIterations: z.number(),
  latestSeconds: z.number(),
  requests: z.number(),
  failedRequests: z.number(),
  /** The most there were. */
  virtualUsers: z.number(),
  answerSeconds: z.object({ p50: z.number(), p95: z.number(), p99: z.number(), max: z.number() }),
  checks: z.array(z.object({ name: z.string(), passed: z.number(), failed: z.number() })),
  objectives: z.array(
    z.object({
      name: z.string(),
      displayName: z.string(),
      allowedBadRatio: z.number(),
      /** Requests of `total`. */
      bad: z.number(),
      total: z.number(),
    }),
  ),
});

/** What k6 counted in a run. */
export type LoadSummary = Readonly<z.infer<typeof schema>>;

/** @throws Error when k6 wrote none */
export async function readSummary(file: string): Promise<LoadSummary> {
  return schema.parse(JSON.parse(await readFile(file, 'utf8')));
}
