import { metrics } from '#catalog/signals.ts';
import { queryVector, type Series } from '../probes/prometheus-client.ts';
import { alertSubject } from './alert-subject.ts';
import { burnConditions, type Period } from './burn-conditions.ts';
import type { Drill } from './drill.ts';
import type { DrillRun } from './drill-run.ts';
import { edgeCounts, firstBadRequest, slowestRequest } from './edge-log.ts';
import { type EntryOf, entriesOf, steadySinceMs } from './ledger.ts';

/** Adds to the ledger what the stack's own telemetry knows better than the runner: exact times, counts, and what theory says. */
export async function collectEvidence(drill: Drill, run: DrillRun): Promise<void> {
  await recordAlertStates(run);
  const injected = entriesOf(run.ledger.entries, 'injected')[0];
  const reverted = entriesOf(run.ledger.entries, 'reverted').at(-1);
  if (!injected || !reverted) return;
  await recordFirstBadRequest(run, injected.atMs, reverted.atMs);
  const period = {
    startedAtMs: await recordedSinceMs(run),
    injectedAtMs: injected.atMs,
    revertedAtMs: reverted.atMs,
  };
  const measured = await recordMeasurement(drill, run, period);
  for (const { alert } of drill.expect.mustFire) {
    const limits = run.target.limitsOf(alert);
    if (!limits) continue;
    const { untilFired, whole } = await burnConditions(alert, limits, measured, period, run);
    const limit = { event: 'limit', alert } as const;
    run.ledger.append({ ...limit, what: 'detection', ...limits.detection(untilFired) }, 'closed form');
    run.ledger.append({ ...limit, what: 'reset', ...limits.reset(whole) }, 'closed form');
  }
}

/** Prometheus keeps each alert's state at each evaluation: its first sample is when the state began, and none has before the stack was well. */
async function recordAlertStates(run: DrillRun): Promise<void> {
  const { ledger } = run;
  const fromMs = steadySinceMs(ledger.entries) ?? startOf(run);
  for (const { labels, samples } of await samplesSince(fromMs, 'ALERTS', run)) {
    const state = labels.alertstate;
    const first = samples.find(({ atMs }) => atMs >= fromMs);
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

/**
 * Since when windows fill: the load began with the drill, but a Prometheus that was begun anew for it looks for the first time
 * up to 5 s later.
 * @source https://github.com/prometheus/prometheus/blob/v3.15.0/discovery/manager.go: updates are sent every 5 s at most
 */
async function recordedSinceMs(run: DrillRun): Promise<number> {
  const startedAtMs = startOf(run);
  const series = await samplesSince(startedAtMs, metrics.edgeUpstreamHealthy, run);
  const firstMs = Math.min(...series.flatMap(({ samples }) => samples[0]?.atMs ?? []));
  return Number.isFinite(firstMs) ? Math.max(startedAtMs, firstMs) : startedAtMs;
}

function startOf({ ledger, clock }: DrillRun): number {
  return ledger.entries[0]?.atMs ?? clock.nowMs();
}

/** The samples of a metric as they were scraped or recorded, since then or a little before. */
function samplesSince(fromMs: number, metric: string, { target, clock, signal }: DrillRun): Promise<readonly Series[]> {
  const rangeSeconds = Math.ceil((clock.nowMs() - fromMs) / 1000) + 1;
  return queryVector(target.urls.prometheus, `${metric}[${rangeSeconds}s]`, signal);
}

async function recordMeasurement(
  drill: Drill,
  run: DrillRun,
  { startedAtMs, injectedAtMs, revertedAtMs }: Period,
): Promise<EntryOf<'measured'>> {
  const { target, ledger, signal } = run;
  const expected = new Set(drill.expect.mustFire.map(({ alert }) => alert));
  const fired = entriesOf(ledger.entries, 'firing').find(
    ({ alert, atMs }) => expected.has(alert) && atMs > injectedAtMs,
  );
  const before = await edgeCounts(target, startedAtMs, injectedAtMs, signal);
  const untilFired = await edgeCounts(
    target,
    injectedAtMs,
    Math.min(fired?.atMs ?? revertedAtMs, revertedAtMs),
    signal,
  );
  const during = await edgeCounts(target, injectedAtMs, revertedAtMs, signal);
  const slowest = await slowestRequest(target, injectedAtMs, revertedAtMs, signal);
  const perSecond = during.requests / ((revertedAtMs - injectedAtMs) / 1000);
  const event = {
    event: 'measured',
    errorRatio: ratio(untilFired.badRequests, untilFired.requests),
    baselineRatio: ratio(before.badRequests, before.requests),
    historySeconds: ratio(before.requests, perSecond),
    requestSeconds: slowest,
    requests: during.requests,
    badRequests: during.badRequests,
    trafficShare: Object.fromEntries(
      Object.entries(during.byReplica).map(([name, count]) => [name, ratio(count, during.requests)]),
    ),
  } as const;
  return ledger.append(event, 'loki') as EntryOf<'measured'>;
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
