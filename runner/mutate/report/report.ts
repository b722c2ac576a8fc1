import { basename } from 'node:path';
import { type Outcome, type Tally, tallyOf } from '#observability/mutants/outcome.ts';
import { wilsonInterval } from '#statistics/wilson.ts';

/** What a mutation run found. */
export interface MutationReport {
  readonly outcomes: readonly Outcome[];
  readonly tally: Tally;
  /** The share that has to be killed, 0..1. */
  readonly atLeast: number;
  /** What the list of equivalents says and is not so. */
  readonly stale: readonly string[];
  /** Of how many mutants these were drawn, when they are a sample. */
  readonly drawnFrom?: number;
  readonly held: boolean;
}

export function reportOf(
  outcomes: readonly Outcome[],
  given: Pick<MutationReport, 'atLeast' | 'stale' | 'drawnFrom'>,
): MutationReport {
  const { atLeast, stale } = given;
  const tally = tallyOf(outcomes);
  return { ...given, outcomes, tally, held: tally.killedRatio >= atLeast && stale.length === 0 };
}

/** One alert, or the recording rules of one file, and what became of its mutants. */
export interface ReportRow {
  readonly title: string;
  readonly tally: Tally;
}

/** By what people think in: an alert each, recording rules by their file. In the order of the files. */
export function rowsOf(outcomes: readonly Outcome[]): readonly ReportRow[] {
  const groups = Map.groupBy(outcomes, ({ mutant }) => titleOf(mutant.id, mutant.subject));
  return [...groups].map(([title, group]) => ({ title, tally: tallyOf(group) }));
}

/** Recorded series have a colon in their name, by convention. */
function titleOf(id: string, subject: string): string {
  const [file = ''] = id.split('/');
  return subject.includes(':') ? `${basename(file)}, recorded` : `${basename(file)}, ${subject}`;
}

/** What nothing noticed, and nobody has given a reason for. */
export function unnoticed({ outcomes }: MutationReport): readonly Outcome[] {
  return outcomes.filter(({ fate }) => fate === 'survived' || fate === 'timed-out');
}

/** 99.96 % is not 100 %. */
export function percentKilled({ killedRatio }: Tally): string {
  return `${(Math.floor(killedRatio * 1000) / 10).toFixed(1)} %`;
}

export function verdictOf({ tally, atLeast, stale, drawnFrom, held }: MutationReport): string {
  const decided = tally.killed + tally.survived + tally['timed-out'];
  const equivalent = tally.equivalent > 0 ? `; ${tally.equivalent} more are equivalent` : '';
  const limit = `at least ${Number((atLeast * 100).toPrecision(12))} % were to be`;
  const ofAll = drawnFrom === undefined ? '' : `; ${drawn(tally.killed, decided, drawnFrom)}`;
  const wrong = stale.length > 0 ? `; the list of equivalents is wrong in ${stale.length}` : '';
  const said = `${tally.killed} of ${decided} mutants are killed, ${percentKilled(tally)}${equivalent}${ofAll}; ${limit}${wrong}.`;
  return `${held ? 'HELD' : 'NOT HELD'}: ${said}`;
}

/** What a sample says of all. */
function drawn(killed: number, decided: number, drawnFrom: number): string {
  const { low, high } = wilsonInterval(killed, decided);
  const percent = (share: number) => (share * 100).toFixed(1);
  return `they were drawn from ${drawnFrom}: of all that are not equivalent ${percent(low)} % to ${percent(high)} % would be killed (95 % confidence)`;
}
