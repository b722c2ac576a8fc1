import { describe, expect, it } from 'vitest';
import { seededRandom } from '#tests/support/random.ts';
import { createSequence } from './sequence.ts';

const ratios = [
  0,
  1e-9,
  1e-4,
  0.001,
  0.0123,
  0.05,
  0.1,
  0.15,
  0.2,
  0.25,
  0.3,
  1 / 3,
  0.5,
  0.6180339887498949,
  2 / 3,
  0.75,
  0.9,
  0.95,
  0.99,
  0.999_999,
  1 - Number.EPSILON,
  1,
];
const seeds = ['', 'a', 'a sequence of its own', '42'];

function failures(options: Parameters<typeof createSequence>[0], n: number): readonly number[] {
  const fails = createSequence(options);
  return Array.from({ length: n }, (_, index) => index).filter((index) => fails(index));
}

describe('a sequence', () => {
  it.each(ratios)('with ratio %f fails round(ratio · n) ± 1 of the first n, for every n and seed', (ratio) => {
    for (const seed of seeds) {
      const fails = createSequence({ ratio, seed, instance: 'backend-1' });
      let failed = 0;
      for (let n = 1; n <= 2_000; n += 1) {
        if (fails(n - 1)) failed += 1;
        if (Math.abs(failed - Math.round(ratio * n)) > 1) {
          expect.fail(`${failed} of the first ${n} failed (seed '${seed}')`);
        }
      }
    }
  });

  it('stays exact for ratios drawn at random', () => {
    const draw = seededRandom(20_261_121);
    for (let round = 0; round < 200; round += 1) {
      const ratio = draw() ** 2;
      const n = 1 + Math.floor(draw() * 400);
      const failed = failures({ ratio, seed: String(round), instance: 'backend-2' }, n).length;
      expect(Math.abs(failed - Math.round(ratio * n)), `ratio ${ratio}, n ${n}`).toBeLessThanOrEqual(1);
    }
  });

  it('stays exact after billions of requests', () => {
    const fails = createSequence({ ratio: 0.15, seed: 'a', instance: 'backend-1' });
    const first = 9_007_199_254_000_000;
    const failed = Array.from({ length: 2_000 }, (_, offset) => fails(first + offset)).filter(Boolean).length;
    expect(Math.abs(failed - 300)).toBeLessThanOrEqual(2);
  });

  it('fails as many of 20 as a decimal ratio says, without an error of floating point', () => {
    expect(failures({ ratio: 0.15, seed: 'a', instance: 'backend-1' }, 20)).toHaveLength(3);
    expect(failures({ ratio: 0.15, seed: 'a', instance: 'backend-1' }, 20_000)).toHaveLength(3_000);
  });

  it('never fails with ratio 0 and always fails with ratio 1', () => {
    expect(failures({ ratio: 0, seed: 'a', instance: 'backend-1' }, 500)).toHaveLength(0);
    expect(failures({ ratio: 1, seed: 'a', instance: 'backend-1' }, 500)).toHaveLength(500);
  });

  it('is the same for the same seed and instance, whatever the order of the questions', () => {
    const options = { ratio: 0.3, seed: 'a', instance: 'backend-1' };
    const fails = createSequence(options);
    const backwards = Array.from({ length: 1_000 }, (_, index) => 999 - index).filter((index) => fails(index));
    expect(backwards.reverse()).toEqual(failures(options, 1_000));
  });

  it('differs between instances and between seeds', () => {
    const base = failures({ ratio: 0.3, seed: 'a', instance: 'backend-1' }, 200);
    expect(failures({ ratio: 0.3, seed: 'a', instance: 'backend-2' }, 200)).not.toEqual(base);
    expect(failures({ ratio: 0.3, seed: 'b', instance: 'backend-1' }, 200)).not.toEqual(base);
  });

  it('tells a seed and an instance apart that read the same when put together', () => {
    expect(failures({ ratio: 0.1, seed: 'ab', instance: 'c' }, 500)).not.toEqual(
      failures({ ratio: 0.1, seed: 'a', instance: 'bc' }, 500),
    );
  });

  it('has no period: failures fall on every place of a stratum, about equally often', () => {
    const places = new Map<number, number>();
    for (const index of failures({ ratio: 0.1, seed: 'a', instance: 'backend-1' }, 20_000)) {
      places.set(index % 10, (places.get(index % 10) ?? 0) + 1);
    }
    expect(places.size).toBe(10);
    for (const count of places.values()) expect(Math.abs(count - 200)).toBeLessThan(60);
  });
});
