import { join } from 'node:path';
import { openStack } from '#runner/stack.ts';
import { type Benchmark, type Finding, once } from '../benchmark.ts';
import { generateLoad, type LoadResult } from '../load.ts';
import { quantile } from '../statistics.ts';

interface Kind {
  readonly title: string;
  readonly path: string;
  /** Milliseconds that p50, p95 and p99 may take. */
  readonly atMostMs: readonly [number, number, number];
}

const kinds: readonly Kind[] = [
  { title: 'simple GET', path: '/health', atMostMs: [20, 100, 500] },
  { title: 'database query', path: '/api/backend/data?limit=100&nocache', atMostMs: [50, 200, 1000] },
  { title: 'cache hit', path: '/api/backend/data?limit=100', atMostMs: [5, 20, 50] },
  { title: 'complex query', path: '/api/backend/data/summary', atMostMs: [100, 500, 2000] },
];

const quantiles = [0.5, 0.95, 0.99] as const;

/** How long users wait at 200 requests a second, through nginx and the whole stack with nothing broken in it. */
export const latency: Benchmark = {
  name: 'latency',
  title: 'latency at 200 req/s through nginx',
  async run(lab) {
    lab.cores.share();
    await using stack = await openStack({
      profile: 'steady',
      timeScale: 1,
      replicas: 2,
      ports: 'free',
      tools: lab.tools,
      progress: lab.progress,
      signal: lab.signal,
      stateDirectory: join(lab.directory, 'stack'),
    });
    const findings: Finding[] = [];
    for (const kind of kinds) {
      const load = await generateLoad(
        {
          url: `http://127.0.0.1:${stack.options.ports.edge}${kind.path}`,
          connections: 32,
          seconds: 5 * lab.secondsPerRun,
          warmUpSeconds: lab.secondsPerRun,
          requestsPerSecond: 200,
          watchedPids: [],
          keepLatencies: true,
        },
        lab.signal,
      );
      findings.push(...describe(kind, load));
    }
    return findings;
  },
};

function describe({ title, atMostMs }: Kind, { responseMs, ok, seconds }: LoadResult): readonly Finding[] {
  return quantiles.map((q, index) => ({
    measure: `${title}, p${100 * q}`,
    value: once(quantile(responseMs, q)),
    unit: 'ms',
    toReach: { atMost: atMostMs[index] ?? 0 },
    ...(index === 0 ? { note: `${ok} requests, ${(ok / seconds).toFixed(1)}/s` } : {}),
  }));
}
