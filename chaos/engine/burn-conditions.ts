import { scrapeIntervalSeconds } from '#catalog/time-scale.ts';
import { queryVector } from '../probes/prometheus-client.ts';
import type { DrillRun } from './drill-run.ts';
import { badRatio } from './edge-log.ts';
import { type EntryOf, entriesOf } from './ledger.ts';
import type { AlertLimits, Conditions } from './target.ts';

/** A rate needs two samples in its window; this many make it worth something. */
const leastScrapes = 4;

export interface BurnConditions {
  readonly untilFired: Conditions;
  /** Until the last request ended that had begun while the fault was active: it is counted then. */
  readonly whole: Conditions & { readonly faultSeconds: number };
}

export interface Period {
  /** Prometheus records since then. */
  readonly startedAtMs: number;
  readonly injectedAtMs: number;
  readonly revertedAtMs: number;
}

/** How much of what an alert is about went wrong, before it fired and over the whole fault: what its closed forms are asked with. */
export async function burnConditions(
  alert: string,
  limits: AlertLimits,
  measured: EntryOf<'measured'>,
  period: Period,
  { target, ledger, signal }: DrillRun,
): Promise<BurnConditions> {
  const { startedAtMs, injectedAtMs, revertedAtMs } = period;
  const { historySeconds, requestSeconds } = measured;
  const fired = entriesOf(ledger.entries, 'firing').find((each) => each.alert === alert && each.atMs > injectedAtMs);
  const firedAtMs = Math.min(fired?.atMs ?? revertedAtMs, revertedAtMs);
  const endedAtMs = revertedAtMs + 1000 * requestSeconds;
  const conditions = { baselineRatio: await share(startedAtMs, injectedAtMs), historySeconds, requestSeconds };
  return {
    untilFired: { ...conditions, errorRatio: await share(injectedAtMs, firedAtMs) },
    whole: {
      ...conditions,
      errorRatio: await share(injectedAtMs, endedAtMs),
      faultSeconds: (endedAtMs - injectedAtMs) / 1000,
    },
  };

  async function share(fromMs: number, toMs: number): Promise<number> {
    const { bad } = limits;
    return bad === undefined ? scraped(fromMs, toMs) : await badRatio(target, bad, [fromMs, toMs], signal);
  }

  /** Of the budget that is worst off. */
  async function scraped(fromMs: number, toMs: number): Promise<number> {
    const scale = entriesOf(ledger.entries, 'drill-started')[0]?.timeScale ?? 1;
    const rangeMs = Math.max(toMs - fromMs, 1000 * leastScrapes * scrapeIntervalSeconds(scale));
    const query = limits.errorRatioQuery(Math.max(1, Math.round(rangeMs / 1000)));
    const series = await queryVector(target.urls.prometheus, query, signal, fromMs + rangeMs);
    const values = series.flatMap(({ samples }) => samples.map(({ value }) => value)).filter(Number.isFinite);
    return Math.max(0, ...values);
  }
}
