import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probe as probeSchema } from '#chaos/engine/probe-spec.ts';
import type { Target, TopologyEntry } from '#chaos/engine/target.ts';
import { createProbe } from '#chaos/probes/create-probe.ts';
import type { OpenStack } from '#runner/stack.ts';
import { drillTarget } from '#runner/target.ts';
import { startServices } from '#tests/support/native.ts';

const { signal } = new AbortController();
const soon = { timeout: 20_000, interval: 100 };

let stack: OpenStack;
let target: Target;

beforeAll(async () => {
  stack = await startServices();
  target = await drillTarget(stack, stack.directory);
  const response = await fetch(`${target.urls.edge}/api/backend/error/database`);
  expect(response.status).toBe(502);
});

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

const failures = '{service_name="nginx"} | status = 502';
const failed = { service: 'nginx', tags: { 'http.response.status_code': '502' }, over: '1m' };

describe('a probe finds on a live stack what is there', () => {
  it.each([
    ['http', { path: '/api/backend/users', status: 200 }],
    ['promql', { query: 'sum(edge_http_requests_total{status="502"})', tolerance: { atLeast: 1, atMost: 1 } }],
    ['logql', { query: failures, over: '1m', tolerance: { atLeast: 1, atMost: 1 } }],
    ['trace', { ...failed, found: true }],
    ['trace', { ...failed, operation: 'GET /api/backend/users', found: false }],
    ['trace', { ...failed, minDuration: '30s', found: false }],
    ['process', { service: 'backend-1' }],
    ['process', { service: 'backend-1', restarts: { atMost: 0 } }],
    ['alert', { alert: 'ServiceDown', is: 'silent' }],
    ['alerts', { firing: 'none' }],
  ])('%s %j', async (kind, what) => {
    await expect.poll(() => look(kind, what), soon).toMatchObject({ held: true });
  });
});

describe('a probe does not find what is not there', () => {
  it.each([
    ['http', { path: '/api/backend/users', status: 404 }, 'status 200'],
    ['promql', { query: 'sum(edge_http_requests_total{status="502"})', tolerance: { atMost: 0 } }, '1'],
    ['promql', { query: 'sum(no_such_metric)', tolerance: { atMost: 0 } }, 'no data'],
    ['logql', { query: failures, over: '1m', tolerance: { atMost: 0 } }, '1 lines'],
    ['trace', { ...failed, tags: { 'http.response.status_code': '504' }, found: true }, 'no trace'],
    ['trace', { ...failed, service: 'nobody', found: true }, 'no trace'],
    ['process', { service: 'backend-9' }, 'there is no backend-9'],
    ['process', { service: 'backend-1', state: 'stopped' }, 'ready'],
    ['alert', { alert: 'ServiceDown', is: 'firing' }, 'silent'],
  ])('%s %j', async (kind, what, observed) => {
    expect(await look(kind, what)).toEqual({ held: false, observed });
  });

  it('counts restarts from when the drill began', async () => {
    const atStart: readonly TopologyEntry[] = [{ name: 'backend-1', state: 'ready', restarts: -2 }];
    const what = { service: 'backend-1', restarts: { atMost: 1 } };
    expect(await look('process', what, atStart)).toEqual({ held: false, observed: 'ready, 2 restarts' });
  });
});

it('a query that is refused says so', async () => {
  await expect(look('logql', { query: '{', over: '1m', tolerance: { atMost: 0 } })).rejects.toThrow(/Loki refused/);
  const trace = { service: 'nginx', over: '1m', found: true, operation: 'x', tags: {} };
  await expect(look('trace', { ...trace, service: ' ' })).resolves.toMatchObject({ observed: 'no trace' });
});

function look(kind: string, what: object, atStart: readonly TopologyEntry[] = []) {
  return createProbe(probeSchema.parse({ name: kind, [kind]: what }), target, atStart).look(signal);
}
