import type { LedgerEntry, LedgerEvent } from '../engine/ledger.ts';
import type { Truth } from '../engine/response-events.ts';
import { commitmentTo } from '../engine/seal.ts';

/** What happened so many seconds after the start. */
export type At = readonly [atSeconds: number, event: LedgerEvent];

export const truth: Truth = {
  drill: 'sick',
  seed: 's',
  faults: [{ fault: 'http-error', target: 'backend-2', args: {} }],
  answer: [{ component: 'backend-2', cause: 'failing-replica' }],
};
export const page = { alert: 'EdgeAvailabilityBurnRate', severity: 'page', channel: 'pager' } as const;
export const services = ['nginx', 'backend-1', 'backend-2'].map((name) => ({ name, state: 'ready', restarts: 0 }));
const load = { durationSeconds: 100, requests: 12_000, droppedIterations: 0, failedRequests: 300, ratePerSecond: 120 };
const stored = { digest: 'd', addedRows: 0, accepted: 0, accountedFor: 0 };
const promised = { rows: 2, messages: 5 };
const serving = { 'backend-1': 300, 'backend-2': 300 };

/** Somebody who does everything right: paged after 2 s, acknowledged after 10, mitigated after 60, users well after 66. */
export function won(given: Truth = truth): At[] {
  const { faults } = given;
  const expect = { mustFire: [], mayFire: [], slis: [], faults: faults.length };
  return [
    [0, { event: 'drill-started', drill: 'sick', title: '', seed: 's', timeScale: 60, expect }],
    [1, { event: 'topology', services, activeFaults: 0 }],
    [2, { event: 'steady-state', phase: 'before', held: true }],
    [3, started(given)],
    [0, { event: 'data', stored }],
    [3, { event: 'rules', digest: 'a' }],
    [3, { event: 'serving', byReplica: serving }],
    ...faults.map((fault): At => [10, { event: 'injected', id: 'x', ...fault }]),
    [12, { event: 'notified', ...page }],
    [20, { event: 'acknowledged', ...page }],
    [40, { event: 'answered', component: 'backend-2', cause: 'failing-replica' }],
    [70, { event: 'mitigated', does: 'restarts it', how: 'operation', faults: ['x'], without: [] }],
    [70, { event: 'reverted', id: 'x', target: 'backend-2', leaseIntact: false }],
    [76, { event: 'sli-recovered', sli: 'errors', value: 0 }],
    [86, { event: 'users-well', keptSeconds: 10 }],
    [87, { event: 'clock', shiftMs: 3 }],
    [87, { event: 'rules', digest: 'a' }],
    [87, { event: 'serving', byReplica: serving }],
    [88, { event: 'topology', services, activeFaults: 0 }],
    [89, { event: 'load-finished', ...load }],
    [
      90,
      {
        event: 'measured',
        errorRatio: 1,
        baselineRatio: 0,
        historySeconds: 9,
        requestSeconds: 0.1,
        requests: 600,
        badRequests: 300,
        trafficShare: {},
      },
    ],
    [90, { event: 'data', stored: { ...stored, addedRows: 2, accepted: 5, accountedFor: 5 }, promised }],
    [91, { event: 'unsealed', truth: given, nonce: 'n' }],
  ];
}

function started(of: Truth): LedgerEvent {
  const commitment = commitmentTo(of, 'n');
  return {
    event: 'response-started',
    mode: 'blind',
    person: 'ada',
    timeLimitSeconds: 600,
    commitment,
    budgetRequests: 3000,
  };
}

export function ledgerOf(...entries: readonly At[]): readonly LedgerEntry[] {
  return entries.map(([at, event], sequence) => ({ sequence, atMs: at * 1000, source: 'test', ...event }));
}
