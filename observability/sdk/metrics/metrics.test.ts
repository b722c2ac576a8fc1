import { describe, expect, it } from 'vitest';
import { durationBucketsSeconds, expectedFailures, routes, unmatchedRoute } from '#catalog/signals.ts';
import { createMetrics } from './metrics.ts';
import type { QueueState } from './queues.ts';

const exemplar = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

function setUp() {
  const metrics = createMetrics({ operations: ['data_page'], caches: ['data'] });
  return { metrics, lines: async () => (await metrics.expose()).split('\n') };
}

describe('the metrics', () => {
  it('have every series of the catalog, at 0, before the first request', async () => {
    const lines = await setUp().lines();
    const labels = (method: string, route: string, status: number) =>
      `method="${method}",route="${route}",status="${status}"`;
    for (const { method, route, success } of [...routes, { method: 'GET', route: unmatchedRoute, success: 404 }]) {
      for (const status of [success, ...expectedFailures]) {
        expect(lines).toContain(`http_requests_total{${labels(method, route, status)}} 0`);
      }
      expect(lines).toContain(`http_request_duration_seconds_bucket{le="+Inf",${labels(method, route, success)}} 0`);
    }
    expect(lines).toEqual(
      expect.arrayContaining([
        'db_query_errors_total{operation="data_page"} 0',
        'db_query_duration_seconds_count{operation="data_page"} 0',
        'cache_hits_total{cache="data"} 0',
        'cache_misses_total{cache="data"} 0',
        'cache_errors_total{cache="data"} 0',
        'cache_stale_reads_total{cache="data"} 0',
        'queue_messages_accepted_total{queue="high-priority"} 0',
        'queue_message_processing_duration_seconds_count{queue="low-priority"} 0',
        'retries_total{dependency="database"} 0',
        'http_requests_shed_total 0',
        'trace_spans_exported_total 0',
        'trace_spans_dropped_total{reason="queue_full"} 0',
      ]),
    );
  });

  it('have the buckets of the catalog', async () => {
    const lines = await setUp().lines();
    const edges = lines.flatMap((line) => /^db_query_duration_seconds_bucket\{le="([^"+]+)"/.exec(line)?.[1] ?? []);
    expect(edges.map(Number)).toEqual([...durationBucketsSeconds]);
  });

  it('are OpenMetrics, ended by its mark', async () => {
    const { metrics } = setUp();
    expect(metrics.contentType).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(await metrics.expose()).toMatch(/\n# EOF\n$/);
  });

  it('count a request once in the counter and once in its bucket, with its trace as exemplar', async () => {
    const { metrics, lines } = setUp();
    metrics.route('GET', '/api/backend/data').observe(200, 0.04, () => exemplar);
    const labels = 'method="GET",route="/api/backend/data",status="200"';
    const after = await lines();
    expect(after).toContain(`http_requests_total{${labels}} 1`);
    const [bucket] = after.filter((line) => line.includes(`_bucket{le="0.05",${labels}}`));
    expect(bucket).toMatch(
      /\} 1 # \{trace_id="0af7651916cd43dd8448eb211c80319c",span_id="b7ad6b7169203331"\} 0\.04 \d/,
    );
    expect(after).toContain(`http_request_duration_seconds_count{${labels}} 1`);
  });

  it('count a request that has no trace without an exemplar', async () => {
    const { metrics, lines } = setUp();
    metrics.route('GET', '/api/backend/data').observe(200, 0.04, undefined);
    expect((await lines()).join('\n')).not.toContain('trace_id');
  });

  it('ask for an exemplar until a bucket has one, and then no more for a while', async () => {
    const { metrics, lines } = setUp();
    const series = metrics.route('GET', '/api/backend/data');
    const answers = [undefined, undefined, exemplar];
    const asked: unknown[] = [];
    const ask = () => {
      asked.push(answers[asked.length]);
      return answers[asked.length - 1];
    };
    for (let n = 0; n < 10; n += 1) series.observe(200, 0.04, ask);
    expect(asked).toEqual(answers);
    expect((await lines()).join('\n')).toContain('trace_id');
  });

  it('count every request, also those whose bucket just had its exemplar', async () => {
    const { metrics, lines } = setUp();
    const series = metrics.route('GET', '/api/backend/data');
    for (let n = 0; n < 100; n += 1) series.observe(500, 0.001, () => exemplar);
    const labels = 'method="GET",route="/api/backend/data",status="500"';
    expect(await lines()).toEqual(
      expect.arrayContaining([
        `http_requests_total{${labels}} 100`,
        `http_request_duration_seconds_count{${labels}} 100`,
      ]),
    );
  });

  it('give a slow request its exemplar although a fast one just had one', async () => {
    const { metrics, lines } = setUp();
    const series = metrics.route('GET', '/api/backend/data');
    series.observe(200, 0.001, () => exemplar);
    series.observe(200, 60, () => ({ ...exemplar, spanId: 'ffffffffffffffff' }));
    const infinite = (await lines()).find((line) =>
      line.startsWith(
        'http_request_duration_seconds_bucket{le="+Inf",method="GET",route="/api/backend/data",status="200"',
      ),
    );
    expect(infinite).toContain('span_id="ffffffffffffffff"');
  });

  it('take a status nobody expected', async () => {
    const { metrics, lines } = setUp();
    metrics.route('HEAD', '/metrics').observe(499, 0.001, undefined);
    expect(await lines()).toContain('http_requests_total{method="HEAD",route="/metrics",status="499"} 1');
  });

  it('time only queries that succeeded, and count those that failed', async () => {
    const { metrics, lines } = setUp();
    const query = metrics.query('data_page');
    query.succeeded(0.003);
    query.failed();
    expect(await lines()).toEqual(
      expect.arrayContaining([
        'db_query_duration_seconds_count{operation="data_page"} 1',
        'db_query_errors_total{operation="data_page"} 1',
      ]),
    );
  });

  it('read the state of the queues when asked, and show none while nobody knows it', async () => {
    const { metrics, lines } = setUp();
    let states: readonly QueueState[] = [{ queue: 'dead-letter', size: 2, oldestAgeSeconds: 60 }];
    metrics.queueStates(async () => states);
    expect(await lines()).toEqual(
      expect.arrayContaining([
        'queue_size{queue="dead-letter"} 2',
        'queue_oldest_message_age_seconds{queue="dead-letter"} 60',
      ]),
    );
    states = [];
    expect((await lines()).join('\n')).not.toMatch(/queue_size\{|queue_oldest_message_age_seconds\{/);
  });

  it('read the state of a circuit breaker when asked', async () => {
    const { metrics, lines } = setUp();
    metrics.dependency('database').breakerState(() => 2);
    expect(await lines()).toContain('circuit_breaker_state{dependency="database"} 2');
  });

  it('read the number of connections when asked', async () => {
    const { metrics, lines } = setUp();
    let open = 3;
    metrics.connections('database', () => open);
    expect(await lines()).toContain('active_connections{kind="database"} 3');
    open = 4;
    expect(await lines()).toContain('active_connections{kind="database"} 4');
  });
});
