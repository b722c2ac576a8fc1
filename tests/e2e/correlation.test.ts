import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dashboards } from '#catalog/dashboards.ts';
import { replicaNames } from '#catalog/services.ts';
import { slowTraceSeconds } from '#catalog/tracing.ts';
import { asRole } from '#mock-services/testing/tokens.ts';
import { logsOfTrace } from '#observability/grafana/datasources.ts';
import { projectFile } from '#runner/project.ts';
import type { OpenStack } from '#runner/stack.ts';
import { startClients } from '#tests/support/clients.ts';
import { startServices } from '#tests/support/native.ts';
import { type Exemplar, edgeLog, findExemplars, findTrace, newTraceId } from '#tests/support/traces.ts';

const found = { timeout: 60_000, interval: 100 };

let stack: OpenStack;
let edge: string;

beforeAll(async () => {
  stack = await startServices([], { databaseLatencyMs: 1000 * slowTraceSeconds });
  edge = `http://127.0.0.1:${stack.options.ports.edge}`;
});
afterAll(() => stack?.[Symbol.asyncDispose]());

describe('who looks into what is wrong gets', () => {
  it.each(['edge_http_request_duration_seconds_bucket', 'http_request_duration_seconds_bucket'])(
    'from an exemplar of a slow bucket of %s to its trace, and from the trace to exactly its log lines',
    async (metric) => {
      const startedMs = Date.now();
      const path = '/api/backend/data?limit=3&nocache=true';
      const responses = await Promise.all(Array.from({ length: 5 }, () => fetch(`${edge}${path}`)));
      expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
      let exemplar: Exemplar | undefined;
      await expect
        .poll(async () => {
          const query = `${metric}{route="/api/backend/data"}`;
          [exemplar] = (await findExemplars(stack, query, startedMs)).filter(({ le }) => le > slowTraceSeconds);
          return exemplar;
        }, found)
        .toBeDefined();
      const { traceId = '', spanId, seconds = 0 } = exemplar ?? {};
      expect(seconds).toBeGreaterThanOrEqual(slowTraceSeconds);

      const names = async () => (await findTrace(stack, traceId)).map(({ operationName }) => operationName);
      const both = 'GET /api/backend/data';
      await expect.poll(names, found).toEqual(expect.arrayContaining([both, both, 'SELECT data']));
      expect((await findTrace(stack, traceId)).map(({ spanID }) => spanID)).toContain(spanId);

      await expectExactlyItsLines(traceId, ['nginx', 'backend']);
    },
  );

  it('from the log lines of a write and of its message to one trace with both', async () => {
    const traceId = newTraceId();
    const response = await fetch(`${edge}/api/backend/data`, {
      method: 'POST',
      headers: {
        ...(await asRole('editor', stack.tokenSecret)),
        'content-type': 'application/json',
        traceparent: `00-${traceId}-b7ad6b7169203331-01`,
      },
      body: JSON.stringify({ name: 'lamp', value: 1, metadata: {} }),
    });
    expect(response.status).toBe(201);
    const services = async () => (await findTrace(stack, traceId)).map(({ operationName }) => operationName);
    await expect
      .poll(services, found)
      .toEqual(expect.arrayContaining(['POST /api/backend/data', 'INSERT data', 'process medium-priority']));
    await expect
      .poll(async () => (await linesOf(traceId)).map(({ text }) => text), found)
      .toEqual(expect.arrayContaining(['POST /api/backend/data 201', 'request', 'message processed']));
    await expectExactlyItsLines(traceId, ['nginx', 'backend']);
  });

  it('from the line of an error to its trace', async () => {
    expect((await fetch(`${edge}/api/backend/error/database`)).status).toBe(502);
    let line: LogLine | undefined;
    await expect
      .poll(async () => {
        [line] = await queryLines('{service_name="backend", level="error"} | error_code="DATABASE_ERROR"');
        return line;
      }, found)
      .toBeDefined();
    const failed = async () =>
      (await findTrace(stack, line?.traceId ?? '')).filter((span) => span.failed).map(({ spanID }) => spanID);
    await expect.poll(failed, found).toContain(line?.spanId);
  });

  it('from an alert that fires to its runbook and its dashboard', async () => {
    await using _clients = startClients(edge, 20, () => ({
      method: 'GET',
      path: '/api/backend/error/database',
      status: 502,
    }));
    let alerts: readonly Alert[] = [];
    await expect
      .poll(async () => {
        const response = await fetch(`http://127.0.0.1:${stack.options.ports.alertmanager}/api/v2/alerts`);
        alerts = (await response.json()) as readonly Alert[];
        return alerts.map(({ labels }) => labels.alertname);
      }, found)
      .toContain('EdgeAvailabilityBurnRate');
    for (const { labels, annotations } of alerts) {
      const runbook = /docs\/runbooks\/\w+\.md$/.exec(annotations.runbook_url ?? '')?.[0] ?? 'none';
      expect(existsSync(projectFile(runbook)), `${labels.alertname}: ${annotations.runbook_url}`).toBe(true);
      const dashboard = /\/d\/([\w-]+)/.exec(annotations.dashboard_url ?? '')?.[1];
      expect(Object.values(dashboards), `${labels.alertname}: ${annotations.dashboard_url}`).toContain(dashboard);
    }
  });
});

interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface LogLine {
  readonly service: string;
  readonly text: string;
  readonly traceId: string;
  readonly spanId: string;
}

/** What Loki has of a trace, by the way that Grafana goes. */
const linesOf = (traceId: string) => queryLines(logsOfTrace(traceId));

async function queryLines(query: string): Promise<readonly LogLine[]> {
  const url = `http://127.0.0.1:${stack.options.ports.loki}/loki/api/v1/query_range`;
  const response = await fetch(`${url}?${new URLSearchParams({ query, since: '1h', limit: '1000' })}`);
  type Stream = { readonly stream: Readonly<Record<string, string>>; readonly values: readonly [string, string][] };
  const { data } = (await response.json()) as { data: { result: readonly Stream[] } };
  const lines = data.result.flatMap(({ stream, values }) =>
    values.map(([, text]) => ({
      service: stream.service_name ?? '',
      text,
      traceId: stream.trace_id ?? '',
      spanId: stream.span_id ?? '',
    })),
  );
  return inOrder(lines);
}

/** Loki has all lines that were written of a trace, once, and no other. */
async function expectExactlyItsLines(traceId: string, services: readonly string[]): Promise<void> {
  await expect
    .poll(async () => ({ written: await writtenLines(traceId), told: await linesOf(traceId) }), found)
    .toSatisfy(
      ({ written, told }: { readonly written: readonly LogLine[]; readonly told: readonly LogLine[] }) =>
        services.every((name) => written.some(({ service }) => service === name)) && isDeepStrictEqual(told, written),
    );
}

/** What nginx and the replicas wrote of a trace, into their files. */
async function writtenLines(traceId: string): Promise<readonly LogLine[]> {
  const nginx = (await edgeLog(stack))
    .filter(({ trace_id }) => trace_id === traceId)
    .map(({ method, path, status, span_id }) => ({
      ...{ service: 'nginx', text: `${method} ${path} ${status}`, traceId, spanId: span_id },
    }));
  const logs = await Promise.all(
    replicaNames(stack.options.replicas).map((name) => readFile(join(stack.directory, 'logs', `${name}.log`), 'utf8')),
  );
  const backends = logs
    .flatMap((log) => log.split('\n').filter((line) => line.includes(traceId)))
    .map((line) => JSON.parse(line) as { readonly msg: string; readonly span_id: string })
    .map(({ msg, span_id }) => ({ service: 'backend', text: msg, traceId, spanId: span_id }));
  return inOrder([...nginx, ...backends]);
}

const inOrder = (lines: readonly LogLine[]): readonly LogLine[] =>
  lines.toSorted((a, b) => `${a.service} ${a.spanId} ${a.text}`.localeCompare(`${b.service} ${b.spanId} ${b.text}`));
