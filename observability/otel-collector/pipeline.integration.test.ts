import { appendFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EdgeLogLine } from '#catalog/signals.ts';
import { createProgress } from '#runner/progress.ts';
import { type OpenStack, openStack } from '#runner/stack.ts';
import { toolsFor } from '#tests/support/tools.ts';
import { createTracing } from '../sdk/tracing.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const soon = { timeout: 10_000, interval: 100 };

let directory: string;
let stack: OpenStack;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'firedrill-pipeline-'));
  const progress = createProgress({ stream: process.stderr, isTTY: false });
  stack = await openStack({
    profile: 'steady',
    timeScale: 60,
    replicas: 2,
    traceShare: 1,
    ports: 'free',
    tools: await toolsFor('otelcol', 'loki', 'jaeger'),
    progress,
    signal: AbortSignal.timeout(110_000),
    stateDirectory: directory,
    only: ['collector', 'loki', 'jaeger'],
  });
});

afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

describe('log lines', () => {
  it('of a replica are found by service, replica and level, with the rest of their fields and the time they say', async () => {
    const time = Date.now() - 5000;
    await write('logs/backend-1.log', {
      level: 'error',
      time,
      service: 'backend',
      instance: 'backend-1',
      trace_id: traceId,
      span_id: spanId,
      trace_flags: '01',
      request_id: 'req-1',
      route: '/api/backend/data',
      msg: 'request failed',
    });
    const found = await find(
      '{service_name="backend", service_instance_id="backend-1", level="error"} | request_id="req-1"',
    );
    expect(found).toMatchObject({
      text: 'request failed',
      nanoseconds: `${time}000000`,
      fields: { trace_id: traceId, span_id: spanId, route: '/api/backend/data', severity_text: 'error' },
    });
    expect(Object.keys(found.fields)).not.toEqual(expect.arrayContaining(['msg']));
  });

  it('of a crash, which are no JSON, keep the name of their replica', async () => {
    await appendFile(join(directory, 'logs/backend-2.log'), 'Error: out of memory\n    at boil (kettle.js)\n');
    const found = await find('{service_name="backend", service_instance_id="backend-2"} |= "boil"');
    expect(found.text).toBe('    at boil (kettle.js)');
  });

  it('of nginx are found by trace, server errors at level error', async () => {
    const time = (Date.now() - 3000) / 1000;
    const line: EdgeLogLine = {
      time,
      service: 'nginx',
      request_id: 'req-2',
      trace_id: traceId,
      span_id: spanId,
      trace_flags: '01',
      parent_span_id: '',
      method: 'GET',
      path: '/api/backend/data',
      status: 502,
      duration_seconds: 0.004,
      bytes_sent: 377,
      upstream_address: '127.0.0.1:4001, 127.0.0.1:4002',
      upstream_status: '502, 502',
      upstream_duration_seconds: '0.000, 0.001',
    };
    await write('run/nginx/logs/access.log', line);
    const found = await find(`{service_name="nginx", level="error"} | trace_id="${traceId}"`);
    expect(found).toMatchObject({
      text: 'GET /api/backend/data 502',
      fields: { request_id: 'req-2', status: '502', duration_seconds: '0.004', upstream_status: '502, 502' },
    });
    expect(Number(found.nanoseconds) / 1e9).toBeCloseTo(time, 3);
  });

  it('make no label of anything but service, replica and level', async () => {
    const { data } = await getJson<{ data: readonly string[] }>(`${loki()}/loki/api/v1/labels`);
    expect(data).toEqual(['level', 'service_instance_id', 'service_name']);
  });
});

describe('spans', () => {
  it('of a replica are found in Jaeger by their trace, with all they hold', async () => {
    await sendSpan();
    const url = `http://127.0.0.1:${stack.options.ports.jaeger}/api/traces/${traceId}`;
    const found = async () => (await getJson<{ data: readonly JaegerTrace[] | null }>(url)).data?.[0];
    await expect.poll(found, soon).toMatchObject({
      spans: [
        {
          operationName: 'GET /api/backend/data',
          references: [{ refType: 'CHILD_OF', traceID: traceId, spanID: spanId }],
          tags: expect.arrayContaining([
            { key: 'span.kind', type: 'string', value: 'server' },
            { key: 'http.response.status_code', type: 'int64', value: 200 },
          ]),
        },
      ],
      processes: { p1: { serviceName: 'backend' } },
    });
  });
});

it('each part of the pipeline tells its own metrics', async () => {
  const { collectorMetrics, jaegerMetrics, loki: lokiPort } = stack.options.ports;
  for (const port of [collectorMetrics, jaegerMetrics, lokiPort]) {
    expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain('# TYPE');
  }
});

interface JaegerTrace {
  readonly spans: readonly Readonly<Record<string, unknown>>[];
  readonly processes: Readonly<Record<string, unknown>>;
}

async function write(path: string, line: object): Promise<void> {
  const file = join(directory, path);
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `${JSON.stringify(line)}\n`);
}

async function find(query: string) {
  const url = `${loki()}/loki/api/v1/query_range?since=10m&query=${encodeURIComponent(query)}`;
  type Stream = { readonly stream: Readonly<Record<string, string>>; readonly values: readonly [string, string][] };
  let found: Stream | undefined;
  await expect
    .poll(async () => {
      found = (await getJson<{ data: { result: readonly Stream[] } }>(url)).data.result[0];
      return found?.values.length;
    }, soon)
    .toBe(1);
  const [nanoseconds, text] = found?.values[0] ?? [];
  return { nanoseconds, text, fields: found?.stream ?? {} };
}

/** As a replica does it: the server span of a request with a parent elsewhere. */
async function sendSpan(): Promise<void> {
  const account = { exported: () => undefined, dropped: () => undefined };
  const identity = {
    service: 'backend',
    version: '1',
    instance: 'backend-1',
    environment: 'test',
    traceShare: 1,
    account,
  };
  const otlpEndpoint = `http://127.0.0.1:${stack.options.ports.collectorOtlp}`;
  const tracing = createTracing({ ...identity, otlpEndpoint });
  const { span } = tracing.startServerSpan('GET', { traceparent: `00-${traceId}-${spanId}-01` });
  span.updateName('GET /api/backend/data').setAttribute('http.response.status_code', 200).end();
  await tracing.shutdown(5_000);
}

async function getJson<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T;
}

function loki(): string {
  return `http://127.0.0.1:${stack.options.ports.loki}`;
}
