import { queryVector } from '../probes/prometheus-client.ts';
import { alertSubject } from './alert-subject.ts';
import type { Drill } from './drill.ts';
import type { DrillRun } from './drill-run.ts';
import { badRatio, edgeCounts, firstBadRequest } from './edge-log.ts';
import { type EntryOf, entriesOf } from './ledger.ts';

/** Adds to the ledger what the stack's own telemetry knows better than the runner: exact times, counts, and what theory says. */
export async function collectEvidence(drill: Drill, run: DrillRun): Promise<void> {
  await recordAlertStates(run);
  const injected = entriesOf(run.ledger.entries, 'injected')[0];
  const reverted = entriesOf(run.ledger.entries, 'reverted').at(-1);
  if (!injected || !reverted) return;
  await recordFirstBadRequest(run, injected.atMs, reverted.atMs);
  const measured = await recordMeasurement(drill, run, injected.atMs, reverted.atMs);
  const faultSeconds = (reverted.atMs - injected.atMs) / 1000;
  const startedAtMs = run.ledger.entries[0]?.atMs ?? injected.atMs;
  for (const { alert } of drill.expect.mustFire) {
    const limits = run.target.limitsOf(alert);
    if (!limits) continue;
    // What an alert calls bad need not be what failed.
    const share = (fromMs: number, toMs: number) => badRatio(run.target, limits.bad, [fromMs, toMs], run.signal);
    const { historySeconds } = measured;
    const baselineRatio = await share(startedAtMs, injected.atMs);
    const untilFired = await share(injected.atMs, firstFiringMs(run, [alert], injected.atMs, reverted.atMs));
    const errorRatio = await share(injected.atMs, reverted.atMs);
    const detection = limits.detection({ errorRatio: untilFired, baselineRatio, historySeconds });
    const reset = limits.reset({ errorRatio, baselineRatio, historySeconds, faultSeconds });
    run.ledger.append({ event: 'limit', alert, what: 'detection', ...detection }, 'closed form');
    run.ledger.append({ event: 'limit', alert, what: 'reset', ...reset }, 'closed form');
  }
}

/** Prometheus keeps each alert's state at each evaluation: its first sample is when the state began. */
async function recordAlertStates({ target, ledger, clock, signal }: DrillRun): Promise<void> {
  const startedAtMs = ledger.entries[0]?.atMs ?? clock.nowMs();
  const rangeSeconds = Math.ceil((clock.nowMs() - startedAtMs) / 1000) + 1;
  for (const { labels, samples } of await queryVector(target.urls.prometheus, `ALERTS[${rangeSeconds}s]`, signal)) {
    const state = labels.alertstate;
    const first = samples.find(({ atMs }) => atMs >= startedAtMs);
    if (!first || (state !== 'pending' && state !== 'firing')) continue;
    const severity = labels.severity ?? 'none';
    const alert = { alert: labels.alertname ?? '?', subject: alertSubject(labels), severity };
    ledger.append({ event: state, ...alert }, 'prometheus', first.atMs);
  }
}

async function recordFirstBadRequest(run: DrillRun, injectedAtMs: number, untilMs: number): Promise<void> {
  const bad = await firstBadRequest(run.target, injectedAtMs, untilMs, run.signal);
  if (!bad) return;
  const { atMs, status, upstream } = bad;
  run.ledger.append({ event: 'first-bad-request', status, upstream }, 'loki', atMs);
}

async function recordMeasurement(
  drill: Drill,
  run: DrillRun,
  injectedAtMs: number,
  revertedAtMs: number,
): Promise<EntryOf<'measured'>> {
  const { target, ledger, signal } = run;
  const expected = drill.expect.mustFire.map(({ alert }) => alert);
  const startedAtMs = ledger.entries[0]?.atMs ?? injectedAtMs;
  const before = await edgeCounts(target, startedAtMs, injectedAtMs, signal);
  const untilFired = await edgeCounts(
    target,
    injectedAtMs,
    firstFiringMs(run, expected, injectedAtMs, revertedAtMs),
    signal,
  );
  const during = await edgeCounts(target, injectedAtMs, revertedAtMs, signal);
  const perSecond = during.requests / ((revertedAtMs - injectedAtMs) / 1000);
  const event = {
    event: 'measured',
    errorRatio: ratio(untilFired.badRequests, untilFired.requests),
    baselineRatio: ratio(before.badRequests, before.requests),
    historySeconds: ratio(before.requests, perSecond),
    requests: during.requests,
    badRequests: during.badRequests,
    trafficShare: Object.fromEntries(
      Object.entries(during.byReplica).map(([name, count]) => [name, ratio(count, during.requests)]),
    ),
  } as const;
  return ledger.append(event, 'loki') as EntryOf<'measured'>;
}

/** When the first of the alerts fired; when the fault was reverted, if none did before. */
function firstFiringMs(
  { ledger }: DrillRun,
  alerts: readonly string[],
  injectedAtMs: number,
  revertedAtMs: number,
): number {
  const fired = entriesOf(ledger.entries, 'firing').find(
    ({ alert, atMs }) => alerts.includes(alert) && atMs > injectedAtMs,
  );
  return Math.min(fired?.atMs ?? revertedAtMs, revertedAtMs);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
