import { describe, expect, it } from 'vitest';
import type { LedgerEntry, LedgerEvent } from './ledger.ts';
import type { Truth } from './response-events.ts';
import { checkSeal, commitmentTo } from './seal.ts';

const fault = { fault: 'http-error', target: 'backend-2', args: { ratio: 1, status: 500 } };
const truth: Truth = {
  drill: 'sick',
  seed: 's',
  faults: [fault],
  answer: [{ component: 'backend-2', cause: 'failing-replica' }],
};
const commitment = commitmentTo(truth, 'nonce');

function ledgerOf(...events: LedgerEvent[]): readonly LedgerEntry[] {
  return events.map((event, sequence) => ({ sequence, atMs: sequence, source: 'test', ...event }));
}

function played(change: { commitment?: string; truth?: Truth; injected?: typeof fault }): readonly LedgerEntry[] {
  return ledgerOf(
    {
      event: 'response-started',
      mode: 'blind',
      person: 'ada',
      timeLimitSeconds: 600,
      commitment: change.commitment ?? commitment,
    },
    { event: 'injected', id: 'x', ...(change.injected ?? fault) },
    { event: 'unsealed', truth: change.truth ?? truth, nonce: 'nonce' },
  );
}

const held = (ledger: readonly LedgerEntry[], shown?: string) => checkSeal(ledger, shown).map((each) => each.held);

describe('the seal', () => {
  it('fits the truth that was sealed, whatever the order of its fields', () => {
    expect(held(played({}), commitment)).toEqual([true, true, true]);
    const { answer, faults, seed, drill } = truth;
    expect(held(played({ truth: { answer, faults, seed, drill } }))).toEqual([true, true]);
  });

  it.each([
    ['another drill', { ...truth, drill: 'other' }],
    ['another answer', { ...truth, answer: [] }],
    ['another argument', { ...truth, faults: [{ ...fault, args: { ratio: 0.5, status: 500 } }] }],
    ['another seed', { ...truth, seed: 't' }],
  ])('does not fit %s', (_what, other) => {
    expect(held(played({ truth: other }))[0]).toBe(false);
  });

  it('is not the one that was shown', () => {
    expect(held(played({}), 'f'.repeat(64))).toEqual([true, false, true]);
  });

  it('says when something else was broken', () => {
    expect(held(played({ injected: { ...fault, target: 'backend-1' } }))).toEqual([true, false]);
  });

  it('says nothing without the nonce', () => {
    expect(commitmentTo(truth, 'other')).not.toBe(commitment);
  });

  it('does not hold where nothing was revealed', () => {
    expect(held(played({}).slice(0, 2))).toEqual([false]);
  });
});
