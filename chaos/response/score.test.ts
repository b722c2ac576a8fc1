import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Performance, score } from './score.ts';

const perfect: Performance = {
  won: true,
  componentRatio: 1,
  causeRatio: 1,
  acknowledgeSeconds: 0,
  mitigateSeconds: 0,
  recoverSeconds: 0,
  budgetShare: 0,
  hintCost: 0,
};

const ratio = fc.double({ min: 0, max: 1, noNaN: true });
const seconds = fc.double({ min: 0, max: 7200, noNaN: true });
const performance = fc.record({
  won: fc.boolean(),
  componentRatio: ratio,
  causeRatio: ratio,
  acknowledgeSeconds: seconds,
  mitigateSeconds: seconds,
  recoverSeconds: seconds,
  budgetShare: fc.double({ min: 0, max: 3, noNaN: true }),
  hintCost: fc.nat(120),
});

describe('the score', () => {
  it('is 100 at best, and halves a mark when it is reached after its half time', () => {
    expect(score(perfect).total).toBe(100);
    expect(score({ ...perfect, acknowledgeSeconds: 60 }).total).toBe(95);
    expect(score({ ...perfect, mitigateSeconds: 300 }).total).toBe(90);
    expect(score({ ...perfect, recoverSeconds: 360 }).total).toBe(90);
  });

  it('is nothing unless the drill is won', () => {
    expect(score({ ...perfect, won: false }).total).toBe(0);
  });

  it('takes a mark that was not reached for worth nothing', () => {
    const { acknowledgeSeconds: _, ...rest } = perfect;
    expect(score(rest).total).toBe(90);
  });

  it('takes off what hints cost, and what is spent of the budget', () => {
    expect(score({ ...perfect, hintCost: 15 }).total).toBe(85);
    expect(score({ ...perfect, budgetShare: 0.5 }).total).toBe(95);
    expect(score({ ...perfect, budgetShare: 4 }).total).toBe(90);
  });

  it('is from 0 to 100, whatever was done', () => {
    fc.assert(
      fc.property(performance, (given) => {
        const { total } = score(given);
        expect(total).toBeGreaterThanOrEqual(0);
        expect(total).toBeLessThanOrEqual(100);
      }),
    );
  });

  it.each([
    ['componentRatio', 'more'],
    ['causeRatio', 'more'],
    ['acknowledgeSeconds', 'less'],
    ['mitigateSeconds', 'less'],
    ['recoverSeconds', 'less'],
    ['budgetShare', 'less'],
    ['hintCost', 'less'],
  ] as const)('never falls when %s is better', (field, better) => {
    fc.assert(
      fc.property(performance, performance, (given, other) => {
        const [low, high] = [given[field], other[field]].toSorted((a, b) => a - b);
        const [worse = 0, best = 0] = better === 'more' ? [low, high] : [high, low];
        expect(score({ ...given, [field]: best }).total).toBeGreaterThanOrEqual(
          score({ ...given, [field]: worse }).total,
        );
      }),
    );
  });

  it('shows the formula of each part, and the parts make the total', () => {
    fc.assert(
      fc.property(performance, (given) => {
        const { total, parts } = score({ ...given, won: true });
        const sum = parts.reduce((whole, { points }) => whole + points, 0);
        expect(total).toBe(Math.round(Math.max(0, Math.min(100, sum))));
      }),
    );
    expect(score({ ...perfect, mitigateSeconds: 90 }).parts).toContainEqual(
      expect.objectContaining({ what: 'mitigate', formula: '20 × 2^(−90.0 s / 300 s)' }),
    );
  });
});
