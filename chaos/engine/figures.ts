import { alertArrival, type EntryOf, entriesOf, type LedgerEntry } from './ledger.ts';
import { percent } from './timeline-rows.ts';

/** What was measured, a sentence each. */
export function figures(ledger: readonly LedgerEntry[]): readonly string[] {
  const limits = entriesOf(ledger, 'limit').flatMap((limit) => againstLimit(ledger, limit));
  return [...userHarm(ledger), ...limits, ...machine(ledger)];
}

function machine(ledger: readonly LedgerEntry[]): string[] {
  return entriesOf(ledger, 'machine').map(
    ({ processorWaitShare }) => `Something ${processorWait(processorWaitShare)}.`,
  );
}

/** Of this share of the time. */
export function processorWait(share: number): string {
  return `waited for a processor for ${percent(share)} of the time`;
}

function userHarm(ledger: readonly LedgerEntry[]): string[] {
  const measured = entriesOf(ledger, 'measured')[0];
  const injected = entriesOf(ledger, 'injected')[0];
  if (!measured || !injected || measured.requests === 0) return [];
  const bad = `${measured.badRequests} of ${measured.requests} requests failed while a fault was active`;
  const history = `The alert's windows held ${measured.historySeconds.toFixed(1)} s of traffic when it began.`;
  const share = measured.trafficShare[injected.target];
  const drew = share === undefined ? '' : ` ${injected.target} drew ${percent(share)} of the traffic.`;
  return [`${bad} (${percent(measured.badRequests / measured.requests)}).${drew}`, history];
}

function againstLimit(ledger: readonly LedgerEntry[], limit: EntryOf<'limit'>): string[] {
  const { from, mark } = alertArrival(ledger, limit.alert, limit.what);
  if (!from || !mark || !Number.isFinite(limit.seconds)) return [];
  const took = (mark.atMs - from.atMs) / 1000;
  const over = took - limit.seconds;
  const distance = `${Math.abs(over).toFixed(2)} s ${over < 0 ? 'before' : 'beyond'}`;
  const what = limit.what === 'detection' ? 'Paged' : 'Resolved';
  const after = limit.what === 'detection' ? 'the injection' : 'the revert';
  return [
    `${what} ${took.toFixed(2)} s after ${after}: ${distance} the closed form of ${limit.seconds.toFixed(2)} s (the pipeline may take ${(limit.latestSeconds - limit.seconds).toFixed(2)} s).`,
  ];
}
