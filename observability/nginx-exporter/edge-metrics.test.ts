import { type OpenMetricsContentType, Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { type EdgeLogLine, edgeFailures, routes } from '#catalog/signals.ts';
import { EdgeMetrics } from './edge-metrics.ts';
import { type EdgeRequest, readEdgeRequest } from './edge-request.ts';
import type { EdgeExemplar } from './edge-traces.ts';

const upstreams = new Map([
  ['127.0.0.1:4001', 'backend-1'],
  ['127.0.0.1:4002', 'backend-2'],
]);

let registry: Registry<OpenMetricsContentType>;
let edge: EdgeMetrics;

beforeEach(() => {
  registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  edge = new EdgeMetrics(registry, upstreams);
});

describe('requests', () => {
  it('of the API have a series at 0 before the first comes, for each replica and for nginx itself', async () => {
    const api = routes.filter(({ route }) => route.startsWith('/api/'));
    const zero = (await counted()).filter((line) => line.endsWith(' 0'));
    expect(zero).toHaveLength(api.length * (1 + edgeFailures.length) * 3);
  });

  it('belong to the replica that was tried last', async () => {
    observe(line({ upstream_address: '127.0.0.1:4001, 127.0.0.1:4002' }));
    expect(await positive()).toEqual([
      'edge_http_requests_total{method="GET",route="/api/backend/data",status="200",upstream="backend-2"} 1',
    ]);
  });

  it.each(['', 'backend', '127.0.0.1:4001, backend', '10.0.0.1:80'])(
    'belong to none where nginx had no replica to try (%j)',
    async (upstream_address) => {
      observe(line({ status: 502, upstream_address }));
      expect(await positive()).toEqual([
        'edge_http_requests_total{method="GET",route="/api/backend/data",status="502",upstream="none"} 1',
      ]);
    },
  );

  it('cannot make up label values', async () => {
    for (let index = 0; index < 50; index++) {
      observe(line({ method: `M${index}`, path: `/api/${index}`, status: 600 + index }));
    }
    observe(line({ method: 'DELETE', path: '/x', status: 0 }));
    expect(await positive()).toEqual([
      'edge_http_requests_total{method="_OTHER",route="unmatched",status="other",upstream="backend-1"} 50',
      'edge_http_requests_total{method="DELETE",route="unmatched",status="other",upstream="backend-1"} 1',
    ]);
  });
});

describe('duration', () => {
  it('carries the trace that can be opened as exemplar of its bucket', async () => {
    observe(line({ duration_seconds: 0.25 }), { trace_id: '0af7651916cd43dd8448eb211c80319c', span_id: 's' });
    expect(await registry.metrics()).toMatch(
      /edge_http_request_duration_seconds_bucket\{le="0.3",method="GET",route="\/api\/backend\/data"\} 1 # \{trace_id="0af7651916cd43dd8448eb211c80319c",span_id="s"\} 0.25 /,
    );
  });
});

it.each(['', '{"half":', '[]', '{"status":"200"}', 'null'])('a text that is no log line is none: %j', (text) => {
  expect(readEdgeRequest(text)).toBeUndefined();
});

function observe(text: string, exemplar?: EdgeExemplar): void {
  edge.observe(readEdgeRequest(text) as EdgeRequest, exemplar);
}

async function counted(): Promise<readonly string[]> {
  return (await registry.metrics()).split('\n').filter((text) => text.startsWith('edge_http_requests_total{'));
}

async function positive(): Promise<readonly string[]> {
  return (await counted()).filter((text) => !text.endsWith(' 0'));
}

function line(change: Partial<EdgeLogLine>): string {
  const whole: EdgeLogLine = {
    time: 1_795_226_803.705,
    service: 'nginx',
    request_id: 'r',
    trace_id: 't',
    span_id: 's',
    trace_flags: '01',
    parent_span_id: '',
    method: 'GET',
    path: '/api/backend/data',
    status: 200,
    duration_seconds: 0.01,
    bytes_sent: 1,
    upstream_address: '127.0.0.1:4001',
    upstream_status: '200',
    upstream_duration_seconds: '0.010',
  };
  return JSON.stringify({ ...whole, ...change });
}
