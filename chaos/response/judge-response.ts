import { type EntryOf, entriesOf, type LedgerEntry } from '../engine/ledger.ts';
import { checkSeal } from '../engine/seal.ts';
import type { Finding } from '../engine/verdict.ts';
import { rightnessOf } from './answer.ts';
import { oracles } from './oracles.ts';
import { type Marks, marksOf, progressOf } from './progress.ts';
import { type Performance, type Score, score } from './score.ts';

/** What became of a drill that a person played. */
export interface ResponseVerdict {
  readonly outcome: Outcome;
  readonly findings: readonly Finding[];
  readonly times: Times;
  readonly performance: Performance;
  readonly score: Score;
}

/** `void` when nothing could be broken: nobody is to blame for a stack that was not well before. */
export type Outcome = 'won' | 'lost' | 'revealed' | 'aborted' | 'void';

/** Seconds; absent where the mark was not reached. */
export interface Times {
  /** From the first fault until the page. */
  readonly detect?: number;
  /** From the page until somebody took it. */
  readonly acknowledge?: number;
  /** From the first fault until it was ended, and until users were well for good. */
  readonly mitigate?: number;
  readonly recover?: number;
}

/** Decides from the ledger alone. */
export function judgeResponse(ledger: readonly LedgerEntry[]): ResponseVerdict {
  const faults = entriesOf(ledger, 'drill-started')[0]?.expect.faults ?? 0;
  const started = entriesOf(ledger, 'response-started')[0];
  const truth = entriesOf(ledger, 'unsealed')[0]?.truth.answer ?? [];
  const rightness = rightnessOf(entriesOf(ledger, 'answered'), truth);
  const marks = marksOf(ledger, faults);
  const times = faults > 0 ? timesOf(marks) : timesOfControl(ledger, marks, started);
  const findings: readonly Finding[] = [
    ...oracles(ledger, faults),
    ...(faults > 0 ? [] : [saidNothingIsBroken(rightness.causeRatio)]),
    ...checkSeal(ledger),
  ];
  const outcome = outcomeOf(ledger, faults, findings);
  const performance: Performance = {
    won: outcome === 'won',
    ...rightness,
    ...(times.acknowledge === undefined ? {} : { acknowledgeSeconds: times.acknowledge }),
    ...(times.mitigate === undefined ? {} : { mitigateSeconds: times.mitigate }),
    ...(times.recover === undefined ? {} : { recoverSeconds: times.recover }),
    budgetShare: budgetShareOf(ledger, started),
    hintCost: entriesOf(ledger, 'hinted').reduce((sum, { cost }) => sum + cost, 0),
  };
  return { outcome, findings, times, performance, score: score(performance) };
}

function outcomeOf(ledger: readonly LedgerEntry[], faults: number, findings: readonly Finding[]): Outcome {
  const before = entriesOf(ledger, 'steady-state').find(({ phase }) => phase === 'before');
  if (!before?.held) return 'void';
  const progress = progressOf(ledger, faults);
  if (progress.state === 'over' && (progress.how === 'revealed' || progress.how === 'aborted')) return progress.how;
  return findings.every(({ held }) => held) ? 'won' : 'lost';
}

function timesOf({ brokenAtMs, pagedAtMs, acknowledgedAtMs, mitigatedAtMs, recoveredAtMs }: Marks): Times {
  return present({
    detect: between(brokenAtMs, pagedAtMs),
    acknowledge: between(pagedAtMs, acknowledgedAtMs),
    mitigate: between(brokenAtMs, mitigatedAtMs),
    recover: between(brokenAtMs, recoveredAtMs),
  });
}

/** Nothing has to be ended: what counts is how soon somebody says so. */
function timesOfControl(
  ledger: readonly LedgerEntry[],
  { diagnosedAtMs, pagedAtMs, acknowledgedAtMs }: Marks,
  started: EntryOf<'response-started'> | undefined,
): Times {
  const watched = entriesOf(ledger, 'watched')[0]?.atMs ?? started?.atMs;
  const said = between(watched, diagnosedAtMs);
  const late = said === undefined ? undefined : Math.max(0, said);
  const acknowledge = pagedAtMs === undefined ? 0 : between(pagedAtMs, acknowledgedAtMs);
  return present({ acknowledge, mitigate: late, recover: late });
}

function saidNothingIsBroken(causeRatio: number): Finding {
  const claim = 'it was said that nothing is broken';
  return { claim, held: causeRatio === 1, observed: causeRatio === 1 ? 'it was' : 'it was not' };
}

function budgetShareOf(ledger: readonly LedgerEntry[], started: EntryOf<'response-started'> | undefined): number {
  const bad = entriesOf(ledger, 'measured')[0]?.badRequests ?? 0;
  const budget = started?.budgetRequests ?? 0;
  return budget > 0 ? bad / budget : 0;
}

function between(fromMs: number | undefined, toMs: number | undefined): number | undefined {
  return fromMs === undefined || toMs === undefined ? undefined : (toMs - fromMs) / 1000;
}

function present(times: { readonly [Name in keyof Times]: number | undefined }): Times {
  return Object.fromEntries(Object.entries(times).filter(([, value]) => value !== undefined));
}
