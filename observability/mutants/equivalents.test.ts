import { describe, expect, it } from 'vitest';
import { readEquivalents, staleEquivalents, withEquivalents } from './equivalents.ts';
import { type Fate, type Outcome, tallyOf } from './outcome.ts';

function outcome(id: string, fate: Fate): Outcome {
  return { mutant: { id, subject: 'Some', operator: 'label', says: '' }, fate, because: 'a test' };
}

const outcomes = [outcome('a', 'survived'), outcome('b', 'survived'), outcome('c', 'killed')];
const list = (...ids: readonly string[]) => readEquivalents('list.yaml', `[{ reason: Why., mutants: [${ids}] }]`);

describe('the list of equivalents', () => {
  it('gives a survivor its reason', () => {
    expect(withEquivalents(outcomes, list('a'))).toEqual([
      { ...outcomes[0], fate: 'equivalent', because: 'Why.' },
      outcomes[1],
      outcomes[2],
    ]);
  });

  it('is wrong about what was killed', () => {
    expect(withEquivalents(outcomes, list('c'))[2]).toEqual(outcomes[2]);
    expect(staleEquivalents(outcomes, list('c'), { complete: false })).toEqual([
      'c is listed as equivalent, but was killed: a test',
    ]);
  });

  it('is wrong about what there is not, once all mutants are known', () => {
    expect(staleEquivalents(outcomes, list('z'), { complete: true })).toEqual([
      'z is listed as equivalent, but there is no such mutant',
    ]);
    expect(staleEquivalents(outcomes, list('z'), { complete: false })).toEqual([]);
  });

  it('may be empty, and lists nothing twice or without a reason', () => {
    expect(readEquivalents('list.yaml', '').size).toBe(0);
    expect(() => list('a', 'a')).toThrow('list.yaml: a is listed twice');
    expect(() => readEquivalents('list.yaml', '[{ mutants: [a] }]')).toThrow(/list\.yaml: [\s\S]*reason/);
  });
});

describe('the share of killed mutants', () => {
  it('counts what timed out as not killed, and neither equivalents nor what was refused', () => {
    const fates: readonly Fate[] = ['killed', 'survived', 'timed-out', 'equivalent', 'refused', 'killed'];
    expect(tallyOf(fates.map((fate) => outcome('x', fate))).killedRatio).toBe(0.5);
    expect(tallyOf([outcome('x', 'equivalent')]).killedRatio).toBe(1);
  });
});
