import { createHash } from 'node:crypto';
import type { Drill } from './drill.ts';
import { entriesOf, type LedgerEntry } from './ledger.ts';
import type { Truth } from './response-events.ts';

/** All that a player must not know of a drill that is about to start. */
export function truthOf(drill: Drill, seed: string): Truth {
  return {
    drill: drill.metadata.name,
    seed,
    faults: drill.faults.map(({ fault, target, args }) => ({ fault, target, args })),
    answer: drill.answer ?? [],
  };
}

/** What is shown at the start: it says nothing, and fits this truth alone. The nonce keeps it from being guessed. */
export function commitmentTo(truth: Truth, nonce: string): string {
  return createHash('sha256')
    .update(`${canonical(truth)}\n${nonce}`)
    .digest('hex');
}

export interface SealCheck {
  readonly claim: string;
  readonly held: boolean;
  readonly observed: string;
}

/** Whether what was revealed in the end is what was sealed at the start, and what was really done. */
export function checkSeal(ledger: readonly LedgerEntry[], shownAtStart?: string): readonly SealCheck[] {
  const started = entriesOf(ledger, 'response-started')[0];
  const unsealed = entriesOf(ledger, 'unsealed')[0];
  if (!started || !unsealed) {
    return [{ claim: 'the truth was sealed, and revealed', held: false, observed: 'the ledger does not say' }];
  }
  const { truth, nonce } = unsealed;
  const recomputed = commitmentTo(truth, nonce);
  const promised = truth.faults.map(canonical);
  const strange = entriesOf(ledger, 'injected').filter(
    ({ fault, target, args }) => !promised.includes(canonical({ fault, target, args })),
  );
  return [
    { claim: 'the truth is the one that was sealed', held: recomputed === started.commitment, observed: recomputed },
    ...(shownAtStart === undefined
      ? []
      : [
          {
            claim: 'the seal is the one that was shown',
            held: started.commitment === shownAtStart,
            observed: started.commitment,
          },
        ]),
    {
      claim: 'nothing else was broken than what was sealed',
      held: strange.length === 0,
      observed: strange.map(({ fault, target }) => `${fault} on ${target}`).join(', ') || 'as sealed',
    },
  ];
}

/** JSON with its keys in order, whoever wrote it. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
