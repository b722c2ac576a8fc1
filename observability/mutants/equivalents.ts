import { parse } from 'yaml';
import { z } from 'zod';
import type { Outcome } from './outcome.ts';

const content = z.array(z.strictObject({ reason: z.string().min(1), mutants: z.array(z.string()).min(1) })).nullish();

/** Why a mutant behaves as what it was made of, by its id. */
export type Equivalents = ReadonlyMap<string, string>;

/** @throws Error for what is no list of reasons with mutants, or lists one twice */
export function readEquivalents(path: string, text: string): Equivalents {
  const read = content.safeParse(parse(text));
  if (!read.success) throw new Error(`${path}: ${z.prettifyError(read.error)}`);
  const rows = (read.data ?? []).flatMap(({ reason, mutants }) => mutants.map((id) => [id, reason] as const));
  const reasons = new Map(rows);
  const twice = rows.find(([id, reason], index) => rows.findIndex(([other]) => other === id) !== index || !reason);
  if (twice) throw new Error(`${path}: ${twice[0]} is listed twice`);
  return reasons;
}

/** Survivors that are listed survive for a reason. */
export function withEquivalents(outcomes: readonly Outcome[], reasons: Equivalents): readonly Outcome[] {
  return outcomes.map((outcome) => {
    const reason = reasons.get(outcome.mutant.id);
    return outcome.fate === 'survived' && reason !== undefined
      ? { ...outcome, fate: 'equivalent', because: reason }
      : outcome;
  });
}

/** What is listed and was killed, or, of all mutants, is none. One sentence each. */
export function staleEquivalents(
  outcomes: readonly Outcome[],
  reasons: Equivalents,
  { complete }: { readonly complete: boolean },
): readonly string[] {
  const byId = new Map(outcomes.map((outcome) => [outcome.mutant.id, outcome]));
  return [...reasons.keys()].flatMap((id) => {
    const outcome = byId.get(id);
    if (outcome === undefined) return complete ? [`${id} is listed as equivalent, but there is no such mutant`] : [];
    return outcome.fate === 'killed' ? [`${id} is listed as equivalent, but was killed: ${outcome.because}`] : [];
  });
}
