import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Load } from '#chaos/engine/target.ts';
import { startLoad } from '#runner/load.ts';
import type { OpenStack } from '#runner/stack.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import type { Clients } from '#tests/support/clients.ts';
import { startServices } from '#tests/support/native.ts';
import { allDashboards } from './generated-files.ts';
import type { DashboardJson } from './lint.ts';
import { type Ask, questionsOf, selectorsOf, type TraceSearch } from './testing/questions.ts';
import { startTraffic } from './testing/traffic.ts';

const dashboards = allDashboards().map((dashboard) => JSON.parse(JSON.stringify(dashboard)) as DashboardJson);
const found = { timeout: 60_000, interval: 500 };

let stack: OpenStack;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let load: Load;
let clients: Clients;

beforeAll(async () => {
  // Requests fail by themselves: alerts fire, and every series of an error has something to show.
  stack = await startServices([], { profile: 'flaky', grafana: false });
  directory = await temporaryDirectory();
  const { ports } = stack.options;
  load = await startLoad(
    { scenario: 'browse', ratePerSecond: 10 },
    {
      k6: stack.tools.k6,
      targetUrl: `http://127.0.0.1:${ports.edge}`,
      prometheusUrl: `http://127.0.0.1:${ports.prometheus}`,
      directory: directory.path,
      onProcess: stack.addGuest,
    },
  );
  clients = await startTraffic(stack, 20);
});
afterAll(async () => {
  await clients?.stop();
  await load?.[Symbol.asyncDispose]();
  await stack?.[Symbol.asyncDispose]();
  await directory?.[Symbol.asyncDispose]();
});

describe.each(dashboards)('$title', (dashboard) => {
  it.each(questionsOf(dashboard))('has data: $name', async ({ ask }) => {
    await expect.poll(() => answersTo(ask), found).toBeGreaterThan(0);
  });

  it.each(selectorsOf(dashboard))('selects series that there are: $name', async ({ ask }) => {
    await expect.poll(() => answersTo(ask), found).toBeGreaterThan(0);
  });
});

describe('the load generator', () => {
  it('tells Prometheus what clients see in few series', async () => {
    const series = await get(prometheus('series', { 'match[]': '{job="k6"}' }));
    expect((series.data as unknown[]).length).toBeLessThan(1000);
  });
});

/** How many series, lines, traces, values or rules are found, those without a number left out. */
async function answersTo(ask: Ask): Promise<number> {
  switch (ask.kind) {
    case 'promql': {
      const { data } = await get(prometheus('query', { query: ask.query }));
      const { result } = data as { result: readonly { value?: [number, string]; histogram?: unknown }[] };
      return result.filter(({ value, histogram }) => histogram !== undefined || Number.isFinite(Number(value?.[1])))
        .length;
    }
    case 'series': {
      const { data } = await get(prometheus('series', { 'match[]': ask.selector }));
      return (data as unknown[]).length;
    }
    case 'labels': {
      const { data } = await get(prometheus(`label/${ask.label}/values`, { 'match[]': ask.series }));
      return (data as unknown[]).length;
    }
    case 'rules': {
      const { data } = await get(prometheus('alerts', {}));
      return (data as { alerts: unknown[] }).alerts.length;
    }
    case 'logql': {
      const search = new URLSearchParams({ query: ask.query, limit: '10' });
      const { data } = await get(`http://127.0.0.1:${stack.options.ports.loki}/loki/api/v1/query_range?${search}`);
      return (data as { result: unknown[] }).result.length;
    }
    case 'traces': {
      const { data } = await get(
        `http://127.0.0.1:${stack.options.ports.jaeger}/api/traces?${jaegerSearch(ask.search)}`,
      );
      return (data as unknown[]).length;
    }
  }
}

function prometheus(path: string, parameters: Readonly<Record<string, string>>): string {
  return `http://127.0.0.1:${stack.options.ports.prometheus}/api/v1/${path}?${new URLSearchParams(parameters)}`;
}

/** As Grafana asks it. */
function jaegerSearch({ service, tags = '', minDuration }: TraceSearch): URLSearchParams {
  const pairs = tags.split(' ').filter(Boolean);
  return new URLSearchParams({
    service,
    limit: '20',
    start: String((Date.now() - 600_000) * 1000),
    end: String(Date.now() * 1000),
    ...(pairs.length > 0 ? { tags: JSON.stringify(Object.fromEntries(pairs.map((pair) => pair.split('=')))) } : {}),
    ...(minDuration === undefined ? {} : { minDuration }),
  });
}

/** @throws Error with the words of who refused the question. */
async function get(url: string): Promise<{ readonly data: unknown }> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  const body = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${body} for ${decodeURIComponent(url)}`);
  return JSON.parse(body) as { data: unknown };
}
