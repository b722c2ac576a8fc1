import { afterEach, expect, it, vi } from 'vitest';
import { fakeStack } from '../testing/fake-stack.ts';
import type { Drill } from './drill.ts';
import { collectEvidence } from './evidence.ts';
import { entriesOf } from './ledger.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

it('finds in Prometheus since when each alert was pending and fired, as far as the stack had been well before', async () => {
  const { ledger, run } = fakeStack();
  const at = (atMs: number) => [atMs / 1000, '1'] as const;
  const result = [
    { metric: { alertname: 'Early', alertstate: 'firing', severity: 'page' }, values: [at(10_000), at(20_000)] },
    { metric: { alertname: 'Again', alertstate: 'firing', severity: 'page' }, values: [at(10_000), at(35_000)] },
    { metric: { alertname: 'Late', alertstate: 'pending', severity: 'ticket' }, values: [at(31_000), at(32_000)] },
  ];
  vi.stubGlobal('fetch', async () => matrix(result));
  ledger.append({ event: 'load-started', scenario: 'browse', ratePerSecond: 1 }, 'runner', 5000);
  ledger.append({ event: 'steady-state', phase: 'before', held: true }, 'runner', 30_000);

  await collectEvidence({} as Drill, run);

  const states = ledger.entries.filter(({ source }) => source === 'prometheus');
  expect(states.map((entry) => [entry.event, 'alert' in entry && entry.alert, entry.atMs])).toEqual([
    ['firing', 'Again', 35_000],
    ['pending', 'Late', 31_000],
  ]);
});

it.each([
  ['began anew for the drill, from its first look on', 8000, 22],
  ['had looked long before, from the start of the drill', 2000, 25],
])('knows how full the windows were: of a Prometheus that %s', async (_what, firstLookMs, historySeconds) => {
  const { ledger, run } = fakeStack();
  const looks = [{ metric: {}, values: [[firstLookMs / 1000, '1']] }];
  vi.stubGlobal('fetch', async (url: string, options: RequestInit = {}) => {
    const query =
      options.body instanceof URLSearchParams ? options.body.get('query') : new URL(url).searchParams.get('query');
    if (url.startsWith('http://prometheus')) return matrix(query?.startsWith('ALERTS') ? [] : looks);
    const [, rangeMs] = /\[(\d+)ms\]/.exec(query ?? '') ?? [];
    return rangeMs === undefined ? noLines() : requests(Number(rangeMs));
  });
  ledger.append({ event: 'load-started', scenario: 'browse', ratePerSecond: 100 }, 'runner', 5000);
  ledger.append({ event: 'injected', id: 'f', fault: 'latency', target: 'backend-2', args: {} }, 'runner', 30_000);
  ledger.append({ event: 'reverted', id: 'f', target: 'backend-2', leaseIntact: true }, 'runner', 40_000);

  await collectEvidence({ expect: { mustFire: [] } } as unknown as Drill, run);

  expect(entriesOf(ledger.entries, 'measured')).toMatchObject([{ historySeconds, requests: 1000 }]);
});

function matrix(result: readonly object[]): Response {
  return answered({ resultType: 'matrix', result });
}

/** A hundred a second. */
function requests(rangeMs: number): Response {
  const metric = { status: '200', upstream_address: 'backend-1:1' };
  return answered({ resultType: 'vector', result: [{ metric, value: [0, String(rangeMs / 10)] }] });
}

function noLines(): Response {
  return answered({ resultType: 'streams', result: [] });
}

function answered(data: object): Response {
  return new Response(JSON.stringify({ status: 'success', data }));
}
