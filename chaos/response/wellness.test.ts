import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Drill } from '../engine/drill.ts';
import type { DrillRun } from '../engine/drill-run.ts';
import { wellnessOf } from './wellness.ts';

interface World {
  /** What Prometheus has, when it is there; undefined: no data. */
  readonly errors: number | undefined;
  readonly latency: number | undefined;
  readonly waiting: number | undefined;
  readonly prometheus: 'up' | 'down';
  /** Of what users are answered. */
  readonly status: number;
  readonly cache: string;
}

let world: World;
let asked: string[];
const interrupt = new AbortController();

const run = {
  target: {
    urls: { prometheus: 'http://prometheus', edge: 'http://edge' },
    topology: () => [{ name: 'valkey', state: world.cache, restarts: 0 }],
  },
} as unknown as DrillRun;
const sli = (name: string, atMost: number) => ({ name, query: name, recovers: { tolerance: { atMost }, within: 9 } });
const probes = [
  { name: 'users get data', http: { path: '/data', status: 200 } },
  { name: 'little waits', promql: { query: 'waiting', tolerance: { atMost: 3 } } },
  { name: 'the cache runs', process: { service: 'valkey', state: 'ready' } },
  { name: 'nothing pages', alerts: { firing: 'none' } },
  { name: 'nobody is late', alert: { name: 'Late', state: 'silent' } },
];
const look = (slis: readonly object[], signal = interrupt.signal) =>
  wellnessOf({ expect: { slis }, steadyState: { probes } } as unknown as Drill, run)(signal);

beforeEach(() => {
  world = { errors: 0.01, latency: 0.2, waiting: 3, prometheus: 'up', status: 200, cache: 'ready' };
  asked = [];
  vi.stubGlobal('fetch', async (url: string, { body }: { body?: URLSearchParams } = {}) => {
    if (url.startsWith('http://edge')) return new Response('', { status: world.status });
    if (world.prometheus === 'down') throw new TypeError('fetch failed');
    const query = body?.get('query') ?? '';
    asked.push(query);
    const value = world[query as keyof World];
    const result = value === undefined ? [] : [{ metric: {}, value: [0, String(value)] }];
    return new Response(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
});
afterEach(() => vi.unstubAllGlobals());

const slis = [sli('errors', 0.01), sli('latency', 0.2)];

it('users are well when every SLI is within its tolerance and they are answered', async () => {
  expect(await look(slis)).toEqual({
    well: true,
    slis: [
      { sli: 'errors', value: 0.01 },
      { sli: 'latency', value: 0.2 },
    ],
  });
});

it.each<[string, Partial<World>]>([
  ['one SLI is not', { latency: 0.21 }],
  ['an answer is not what was asked for', { status: 503 }],
])('users are not well when %s', async (_what, change) => {
  world = { ...world, ...change };
  expect((await look(slis)).well).toBe(false);
});

it('what nobody knows is not well, and no value of it is told', async () => {
  world = { ...world, latency: undefined };
  expect(await look(slis)).toEqual({ well: false, slis: [{ sli: 'errors', value: 0.01 }] });
  world = { ...world, prometheus: 'down' };
  expect(await look(slis)).toEqual({ well: false, slis: [] });
});

it('where SLIs say how users are, nothing else is asked but what users are answered', async () => {
  world = { ...world, waiting: 4, cache: 'stopped' };
  expect((await look(slis)).well).toBe(true);
  expect(asked).toEqual(['errors', 'latency']);
});

it.each<[string, Partial<World>, boolean]>([
  ['all holds', {}, true],
  ['too much waits', { waiting: 4 }, false],
  ['a service is down', { cache: 'stopped' }, false],
  ['users are not answered', { status: 500 }, false],
])('without SLIs the steady state says it, but for its alerts: %s', async (_what, change, well) => {
  world = { ...world, ...change };
  expect(await look([])).toEqual({ well, slis: [] });
  expect(asked).toEqual(['waiting']);
});

it('whoever is interrupted is told nothing', async () => {
  const interrupted = new AbortController();
  interrupted.abort(new Error('enough'));
  await expect(look(slis, interrupted.signal)).rejects.toThrow('enough');
});
