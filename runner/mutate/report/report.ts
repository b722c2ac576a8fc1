import { basename } from 'node:path';
import { type Outcome, type Tally, tallyOf } from '#observability/mutants/outcome.ts';

/** What a mutation run found. */
export interface MutationReport {
  readonly outcomes: readonly Outcome[];
  readonly tally: Tally;
  /** The share that has to be killed, 0..1. */
  readonly atLeast: number;
  /** What the list of equivalents says and is not so. */
  readonly stale: readonly string[];
  readonly held: boolean;
}

export function reportOf(
  outcomes: readonly Outcome[],
  { atLeast, stale }: Pick<MutationReport, 'atLeast' | 'stale'>,
): MutationReport {
  const tally = tallyOf(outcomes);
  return { outcomes, tally, atLeast, stale, held: tally.killedRatio >= atLeast && stale.length === 0 };
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

export function verdictOf({ tally, atLeast, stale, held }: MutationReport): string {
  const decided = tally.killed + tally.survived + tally['timed-out'];
  const equivalent = tally.equivalent > 0 ? `; ${tally.equivalent} more are equivalent` : '';
  const limit = `at least ${Number((atLeast * 100).toPrecision(12))} % were to be`;
  const wrong = stale.length > 0 ? `; the list of equivalents is wrong in ${stale.length}` : '';
  const said = `${tally.killed} of ${decided} mutants are killed, ${percentKilled(tally)}${equivalent}; ${limit}${wrong}.`;
  return `${held ? 'HELD' : 'NOT HELD'}: ${said}`;
}
