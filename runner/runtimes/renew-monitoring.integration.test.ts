import { afterAll, beforeAll, expect, it } from 'vitest';
import { queryVector } from '#chaos/probes/prometheus-client.ts';
import type { OpenStack } from '#runner/stack.ts';
import { fire } from '#tests/support/alerts.ts';
import { startServices } from '#tests/support/native.ts';

const { signal } = new AbortController();
const soon = { timeout: 20_000, interval: 20 };

let stack: OpenStack;

beforeAll(async () => {
  stack = await startServices(['prometheus', 'alertmanager']);
});

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

it('renewed monitoring remembers nothing: no sample, no alert, no silence, no page', async () => {
  await silenceSomething();
  await fire(stack, { alertname: 'Left', severity: 'page', team: 'backend' });
  await expect
    .poll(incidents, soon)
    .toContainEqual(expect.objectContaining({ labels: expect.objectContaining({ alertname: 'Left' }) }));
  await expect.poll(() => samples().then(({ length }) => length), soon).toBeGreaterThan(0);

  await stack.renewMonitoring();

  const renewedAtMs = Date.now();
  expect(await incidents()).toEqual([]);
  expect(await fromAlertmanager('alerts')).toEqual([]);
  expect(await fromAlertmanager('silences')).toEqual([]);
  await expect.poll(() => samples().then((times) => times.some((atMs) => atMs > renewedAtMs)), soon).toBe(true);
  // It takes a moment to come back, and scrapes at once.
  expect(Math.min(...(await samples()))).toBeGreaterThan(renewedAtMs - 5000);
});

it('an alert after it is told, and what was before it is not taken back', async () => {
  const told: string[] = [];
  const stop = stack.notifications.listen(({ alert, status }) => told.push(`${alert} ${status}`));
  await fire(stack, { alertname: 'Before', severity: 'page', team: 'backend' });
  await expect.poll(() => told, soon).toContain('Before firing');
  await stack.renewMonitoring();
  await fire(stack, { alertname: 'After', severity: 'page', team: 'backend' });
  await expect.poll(() => told, soon).toContain('After firing');
  expect(told).not.toContain('Before resolved');
  stop();
});

async function samples(): Promise<readonly number[]> {
  const url = `http://127.0.0.1:${stack.options.ports.prometheus}`;
  const series = await queryVector(url, 'scrape_duration_seconds[1h]', signal);
  return series.flatMap(({ samples: points }) => points.map(({ atMs }) => atMs));
}

async function incidents(): Promise<unknown> {
  return (await fetch(`http://127.0.0.1:${stack.options.ports.webhook}/incidents`)).json();
}

async function fromAlertmanager(what: string): Promise<unknown> {
  return (await fetch(`http://127.0.0.1:${stack.options.ports.alertmanager}/api/v2/${what}`)).json();
}

async function silenceSomething(): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${stack.options.ports.alertmanager}/api/v2/silences`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      matchers: [{ name: 'alertname', value: 'Whatever', isRegex: false, isEqual: true }],
      startsAt: new Date().toISOString(),
      endsAt: new Date(Date.now() + 3_600_000).toISOString(),
      createdBy: 'test',
      comment: 'test',
    }),
  });
  expect(response.status).toBe(200);
}
