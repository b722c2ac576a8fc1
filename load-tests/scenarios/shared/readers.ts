import { check } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import type { Options } from 'k6/options';

const ratePerSecond = Number(__ENV.RATE_PER_SECOND);

/**
 * Open model: a slow answer does not slow the arrivals. Each virtual user is a client of its own: the edge limits clients, not the
 * site.
 */
export function openModel(scenario: string): Options {
  return {
    scenarios: {
      [scenario]: {
        executor: 'constant-arrival-rate',
        rate: ratePerSecond,
        timeUnit: '1s',
        duration: `${__ENV.MAX_DURATION_SECONDS}s`,
        // Enough for answers that take two seconds: a machine that stalls for a moment must not look like load that was not offered.
        preAllocatedVUs: 2 * ratePerSecond,
        maxVUs: 6 * ratePerSecond,
        gracefulStop: '2s',
      },
    },
  };
}

/** Reads one of the paths; which one comes when is fixed by the number of the request. Every second user is signed in, where there is a token. */
export function readOneOf(paths: readonly string[]): void {
  const path = paths[mixed(exec.scenario.iterationInTest) % paths.length] ?? '';
  const user = exec.vu.idInTest;
  const isSignedIn = __ENV.TOKEN !== undefined && user % 2 === 0;
  const response = http.get(`${__ENV.TARGET_URL}${path}`, {
    headers: {
      'X-Forwarded-For': privateAddress(user),
      ...(isSignedIn ? { Authorization: `Bearer ${__ENV.TOKEN}` } : {}),
    },
    tags: { name: path },
    timeout: `${__ENV.TIMEOUT_SECONDS}s`,
  });
  check(response, {
    'status is 200': ({ status }) => status === 200,
    'body is JSON': ({ body }) => typeof body === 'string' && /^[[{]/.test(body),
  });
}

/** One address of 10.0.0.0/8 for each number. @source https://www.rfc-editor.org/rfc/rfc1918 */
function privateAddress(number: number): string {
  return `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
}

/**
 * The same order in every run, without a period: taken in turns, the pages would fall into step with a balancer that takes turns
 * too, each replica would always get the same ones, and one of two drills would see no black hole.
 * @source https://stackoverflow.com/a/12996028
 */
function mixed(number: number): number {
  const once = Math.imul(number ^ (number >>> 16), 0x45d9f3b);
  const twice = Math.imul(once ^ (once >>> 16), 0x45d9f3b);
  return (twice ^ (twice >>> 16)) >>> 0;
}

/** One JSON object on one line, for the program that started this run. */
export function summarise(data: {
  metrics: Record<string, { values: Record<string, number> }>;
  state: { testRunDurationMs: number };
}): Record<string, string> {
  const value = (metric: string, key: string): number => data.metrics[metric]?.values[key] ?? 0;
  const summary = {
    durationSeconds: data.state.testRunDurationMs / 1000,
    iterations: value('iterations', 'count'),
    droppedIterations: value('dropped_iterations', 'count'),
    failedRequests: value('http_req_failed', 'passes'),
  };
  return { [__ENV.SUMMARY_FILE ?? 'summary.json']: `${JSON.stringify(summary)}\n` };
}
