import { latenessOf } from './lateness.ts';
import { countedFor } from './objectives.ts';
import { settings } from './settings.ts';

interface RunData {
  readonly metrics: Readonly<Record<string, { readonly values: Readonly<Record<string, number>> }>>;
  readonly root_group: { readonly checks: readonly { name: string; passes: number; fails: number }[] };
  readonly state: { readonly testRunDurationMs: number };
}

/** One JSON object on one line, for the program that started this run. */
export function summarise(data: RunData): Readonly<Record<string, string>> {
  const value = (metric: string, key: string): number => data.metrics[metric]?.values[key] ?? 0;
  const duration = (key: string): number => value('http_req_duration', key) / 1000;
  const summary = {
    durationSeconds: data.state.testRunDurationMs / 1000,
    iterations: value('iterations', 'count'),
    droppedIterations: value('dropped_iterations', 'count'),
    ...latenessOf((metric) => data.metrics[metric]?.values),
    requests: value('http_reqs', 'count'),
    failedRequests: value('http_req_failed', 'passes'),
    virtualUsers: value('vus_max', 'max'),
    answerSeconds: { p50: duration('med'), p95: duration('p(95)'), p99: duration('p(99)'), max: duration('max') },
    checks: data.root_group.checks.map(({ name, passes, fails }) => ({ name, passed: passes, failed: fails })),
    objectives: countedFor((metric) => data.metrics[metric]?.values),
  };
  const { summaryFile, k6SummaryFile } = settings;
  return {
    [summaryFile]: `${JSON.stringify(summary)}\n`,
    ...(k6SummaryFile === undefined ? {} : { [k6SummaryFile]: `${JSON.stringify(data, undefined, 2)}\n` }),
  };
}
