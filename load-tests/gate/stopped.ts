import type { RunVerdict } from './judge.ts';

export interface Stopped {
  /** When the load was ended for it; undefined when it ended by itself. */
  readonly decided: RunVerdict | undefined;
  /** With what came in after that. */
  readonly last: RunVerdict;
  readonly longestAnswerSeconds: number;
}

/** Between two looks. */
const promptSeconds = 1;

/**
 * A sequential test holds as it was decided: a few requests more may lie on the other side, and to ask them, too, would be to ask until
 * the answer changes. But whoever was not answered yet was not counted yet: PASS has to hold with slow answers, too.
 */
export function stoppedVerdict({ decided, last, longestAnswerSeconds }: Stopped): RunVerdict {
  if (decided === undefined || last.verdict !== 'INCONCLUSIVE') return last;
  return decided.verdict === 'FAIL' || longestAnswerSeconds <= promptSeconds ? decided : last;
}
