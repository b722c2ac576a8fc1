import { describe, expect, it } from 'vitest';
import { clopperPearsonInterval } from '../clopper-pearson.ts';
import { dispersionOf } from '../dispersion.ts';
import { evidenceAgainst } from '../evidence.ts';
import { holm } from '../holm.ts';
import { binomialCdf, incompleteBeta, inverseIncompleteBeta } from '../incomplete-beta.ts';
import { normalQuantile } from '../normal-quantile.ts';
import { quantileInterval } from '../quantile-interval.ts';
import { zeroBadN } from '../required-n.ts';
import { logLikelihoodRatio } from '../sprt.ts';
import { shareDifference, shareRatio } from '../two-shares.ts';
import { wilsonInterval } from '../wilson.ts';
import reference from './reference.json' with { type: 'json' };

type Row = readonly number[];

/** Arguments and results of a row of the table. */
const split = (row: Row, parameters: number) => [row.slice(0, parameters), row.slice(parameters)] as const;

const ends = ({ low, high }: { readonly low: number; readonly high: number }) => [low, high];

const functions: Readonly<Record<string, { parameters: number; of: (...values: number[]) => readonly number[] }>> = {
  normalQuantile: { parameters: 1, of: (p = 0) => [normalQuantile(p)] },
  incompleteBeta: { parameters: 3, of: (x = 0, a = 0, b = 0) => [incompleteBeta(x, a, b)] },
  inverseIncompleteBeta: { parameters: 3, of: (p = 0, a = 0, b = 0) => [inverseIncompleteBeta(p, a, b)] },
  binomialCdf: { parameters: 3, of: (k = 0, n = 0, p = 0) => [binomialCdf(k, n, p)] },
  wilson: { parameters: 3, of: (k = 0, n = 0, error = 0) => ends(wilsonInterval(k, n, normalQuantile(1 - error))) },
  clopperPearson: { parameters: 3, of: (k = 0, n = 0, error = 0) => ends(clopperPearsonInterval(k, n, error)) },
  shareDifference: { parameters: 4, of: (...row) => ends(shareDifference(...pair(row))) },
  shareRatio: { parameters: 4, of: (...row) => ends(shareRatio(...pair(row))) },
  evidence: {
    parameters: 3,
    of: (rate = 0, k = 0, n = 0) => {
      const { below, above } = evidenceAgainst(rate, k, n);
      return [below, above];
    },
  },
  logLikelihoodRatio: {
    parameters: 4,
    of: (k = 0, n = 0, good = 0, bad = 0) => [logLikelihoodRatio(k, n, { good, bad })],
  },
  zeroBadN: { parameters: 2, of: (rate = 0, error = 0) => [zeroBadN(rate, error)] },
};

function pair([k = 0, n = 0, otherK = 0, otherN = 0]: Row) {
  return [
    { k, n },
    { k: otherK, n: otherN },
  ] as const;
}

describe('to 1e-9 of what SciPy and statsmodels say', () => {
  const tables = reference as unknown as Readonly<Record<string, readonly Row[]>>;
  for (const [name, { parameters, of }] of Object.entries(functions)) {
    it.each(tables[name] ?? [])(`${name}(%f, %f, %f, …)`, (...row) => {
      const [values, expected] = split(row, parameters);
      const found = of(...values);
      expect(found).toHaveLength(expected.length);
      expected.forEach((value, index) => {
        const difference = Math.abs((found[index] ?? Number.NaN) - value);
        expect(difference, `${found[index]} instead of ${value}`).toBeLessThanOrEqual(
          1e-9 * Math.max(1, Math.abs(value)),
        );
        // What is small has to have its digits too.
        expect(difference).toBeLessThanOrEqual(1e-8 * Math.abs(value) + 1e-15);
      });
    });
  }

  it.each(reference.quantileInterval)(
    'ranks around a quantile: n %d, quantile %f, error rate %f',
    (n, quantile, error, low, high) => {
      const found = quantileInterval(n ?? 0, quantile ?? 0, error ?? 0);
      expect([found.low ?? null, found.high ?? null]).toEqual([low, high]);
    },
  );

  it.each(reference.dispersion)('the dispersion of %j', (batches, phi) => {
    const pairs = (batches as number[][]).map(([bad = 0, total = 0]) => ({ bad, total }));
    expect(dispersionOf(pairs)).toBeCloseTo(phi as number, 9);
  });

  it.each(reference.holm)('p-values corrected by Holm: %j', (pValues = [], adjusted = []) => {
    holm(pValues).forEach((p, index) => {
      expect(p).toBeCloseTo(adjusted[index] ?? Number.NaN, 12);
    });
  });
});
