import { describe, expect, it } from 'vitest';
import { firstLine } from '#chaos/probes/loki-client.ts';
import { queryValue } from '#chaos/probes/prometheus-client.ts';
import { startServices } from '#tests/support/native.ts';

const { signal } = new AbortController();

describe('one request through nginx', () => {
  it('is found as a metric, as log lines of nginx and of the replica, and as a trace', async () => {
    await using stack = await startServices([], { traceShare: 1 });
    const { ports } = stack.options;
    const traceId = crypto.randomUUID().replaceAll('-', '');
    const sentAtMs = Date.now();

    const response = await fetch(`http://127.0.0.1:${ports.edge}/api/backend/users?page=1&limit=5`, {
      headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    });
    expect(response.status).toBe(200);

    const found = { timeout: 30_000, interval: 100 };
    const metric = 'sum(edge_http_requests_total{route="/api/backend/users",status="200"})';
    await expect.poll(() => queryValue(`http://127.0.0.1:${ports.prometheus}`, metric, signal), found).toBe(1);
    for (const service of ['nginx', 'backend']) {
      const selector = `{service_name="${service}"} | trace_id="${traceId}"`;
      const period = { fromMs: sentAtMs - 1000, toMs: Date.now() + 60_000 };
      await expect
        .poll(() => firstLine(`http://127.0.0.1:${ports.loki}`, selector, period, signal), {
          ...found,
          message: service,
        })
        .toBeDefined();
    }
    const trace = `http://127.0.0.1:${ports.jaeger}/api/traces/${traceId}`;
    await expect.poll(async () => (await fetch(trace)).status, found).toBe(200);
    const { data } = (await (await fetch(trace)).json()) as { data: { spans: { operationName: string }[] }[] };
    const names = data.flatMap(({ spans }) => spans.map(({ operationName }) => operationName));
    expect(names).toContain('GET /api/backend/users');
    expect(names.length).toBeGreaterThan(1);
  });
});
