import { afterEach, expect, it, vi } from 'vitest';
import { fakeStack } from '../testing/fake-stack.ts';
import type { Drill } from './drill.ts';
import { collectEvidence } from './evidence.ts';

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
  const body = JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } });
  vi.stubGlobal('fetch', async () => new Response(body));
  ledger.append({ event: 'load-started', scenario: 'browse', ratePerSecond: 1 }, 'runner', 5000);
  ledger.append({ event: 'steady-state', phase: 'before', held: true }, 'runner', 30_000);

  await collectEvidence({} as Drill, run);

  const states = ledger.entries.filter(({ source }) => source === 'prometheus');
  expect(states.map((entry) => [entry.event, 'alert' in entry && entry.alert, entry.atMs])).toEqual([
    ['firing', 'Again', 35_000],
    ['pending', 'Late', 31_000],
  ]);
});
