import type { MutationReport } from './report.ts';

/** For programs: the tally, and every mutant with what became of it. */
export function renderJson({ tally, atLeast, held, stale, outcomes }: MutationReport): string {
  const mutants = outcomes.map(({ mutant: { id, subject, operator, says }, fate, because }) => ({
    id,
    subject,
    operator,
    says,
    fate,
    because,
  }));
  return `${JSON.stringify({ held, atLeast, tally, stale, mutants }, undefined, 2)}\n`;
}
