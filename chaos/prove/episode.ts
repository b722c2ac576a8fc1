import { channelOf } from '#catalog/alerting.ts';
import { alertArrival, type EntryOf, entriesOf, type LedgerEntry, steadySinceMs } from '../engine/ledger.ts';
import { type Finding, judge } from '../engine/verdict.ts';

/** What a drill promises of an alert: what it does not name has to stay silent. */
export type Expectation = 'must' | 'may' | 'must-not';

/** One playing of one drill, as far as a proof is about it. */
export interface Episode extends EpisodeOrder {
  readonly title: string;
  readonly timeScale: number;
  /** No alert has to fire: nothing is broken, or nothing that is worth waking anybody for. */
  readonly control: boolean;
  /** `broken`: the harness failed, and nothing can be said. */
  readonly outcome: 'held' | 'deviated' | 'broken';
  /** Why the harness failed. */
  readonly problem?: string;
  readonly findings: readonly Finding[];
  /** Faults were injected, or as a control nothing was for long enough: without that alerts have nothing to answer. */
  readonly played: boolean;
  /** Every alert that was to fire, might, or did. */
  readonly alerts: readonly AlertOutcome[];
  readonly durationSeconds: number;
  /** Share of it in which something waited for a processor, 0..1; absent where nobody knows. */
  readonly processorWaitShare?: number;
}

export interface EpisodeOrder {
  readonly drill: string;
  /** Counted from 1. */
  readonly repetition: number;
  readonly seed: string;
}

export interface AlertOutcome {
  readonly alert: string;
  readonly expectation: Expectation;
  /** Somebody was told, or Prometheus says that it fired. */
  readonly fired: boolean;
  /** It wakes somebody. */
  readonly wakes: boolean;
  /** It fired before anything was broken. */
  readonly early: boolean;
  /** From the injection until somebody was told. */
  readonly secondsToTell?: number;
  /** The closed form and what it allows, in seconds; of a fixed bound `latest` alone. */
  readonly bound?: { readonly earliest: number; readonly closedForm?: number; readonly latest: number };
}

/** Reads an episode from its ledger. */
export function episodeOf(
  order: EpisodeOrder,
  ledger: readonly LedgerEntry[],
  drill: Pick<Episode, 'title' | 'timeScale' | 'control'>,
): Episode {
  const { held, findings } = judge(ledger);
  const [machine] = entriesOf(ledger, 'machine');
  return {
    ...order,
    ...drill,
    outcome: held ? 'held' : 'deviated',
    findings,
    played: wasPlayed(ledger),
    alerts: outcomes(ledger),
    durationSeconds: duration(ledger),
    ...(machine ? { processorWaitShare: machine.processorWaitShare } : {}),
  };
}

/** One of which the harness failed. */
export function brokenEpisode(
  order: EpisodeOrder,
  problem: string,
  drill: Pick<Episode, 'title' | 'timeScale' | 'control'>,
): Episode {
  return {
    ...order,
    ...drill,
    outcome: 'broken',
    problem,
    findings: [],
    played: false,
    alerts: [],
    durationSeconds: 0,
  };
}

function wasPlayed(ledger: readonly LedgerEntry[]): boolean {
  const faults = entriesOf(ledger, 'drill-started')[0]?.expect.faults ?? 0;
  if (faults > 0) return entriesOf(ledger, 'injected').length > 0;
  return steadySinceMs(ledger) !== undefined;
}

function outcomes(ledger: readonly LedgerEntry[]): readonly AlertOutcome[] {
  const expect = entriesOf(ledger, 'drill-started')[0]?.expect;
  const loud = [...entriesOf(ledger, 'firing'), ...entriesOf(ledger, 'notified')];
  const must = expect?.mustFire.map(({ alert }) => alert) ?? [];
  const names = new Set([...must, ...(expect?.mayFire ?? []), ...loud.map(({ alert }) => alert)]);
  return [...names].sort().map((alert) => outcome(ledger, loud, alert, expectationOf(alert)));

  function expectationOf(alert: string): Expectation {
    if (must.includes(alert)) return 'must';
    return expect?.mayFire.includes(alert) ? 'may' : 'must-not';
  }
}

function outcome(
  ledger: readonly LedgerEntry[],
  loud: readonly EntryOf<'firing' | 'notified'>[],
  alert: string,
  expectation: Expectation,
): AlertOutcome {
  const of = loud.filter((entry) => entry.alert === alert);
  const { from, notBeforeMs = Number.POSITIVE_INFINITY, mark } = alertArrival(ledger, alert, 'detection');
  const secondsToTell = from && mark && mark.atMs >= notBeforeMs ? (mark.atMs - from.atMs) / 1000 : undefined;
  const bound = boundOf(ledger, alert);
  return {
    alert,
    expectation,
    // What had to be told has fired only when it was.
    fired: expectation === 'must' ? secondsToTell !== undefined : of.length > 0,
    wakes: of.some(({ severity }) => channelOf[severity as keyof typeof channelOf] === 'pager'),
    early: of.some(({ atMs }) => atMs < notBeforeMs),
    ...(secondsToTell === undefined ? {} : { secondsToTell }),
    ...(bound ? { bound } : {}),
  };
}

function boundOf(ledger: readonly LedgerEntry[], alert: string): AlertOutcome['bound'] {
  const expected = entriesOf(ledger, 'drill-started')[0]?.expect.mustFire.find((each) => each.alert === alert);
  if (!expected) return undefined;
  if (expected.within !== 'limit') return { earliest: 0, latest: expected.within };
  const limit = entriesOf(ledger, 'limit').find((entry) => entry.alert === alert && entry.what === 'detection');
  // Of a condition that never becomes true there is none.
  if (!limit || !Number.isFinite(limit.seconds)) return undefined;
  return { earliest: limit.earliestSeconds, closedForm: limit.seconds, latest: limit.latestSeconds };
}

function duration(ledger: readonly LedgerEntry[]): number {
  const times = ledger.map(({ atMs }) => atMs);
  return times.length === 0 ? 0 : (Math.max(...times) - Math.min(...times)) / 1000;
}
