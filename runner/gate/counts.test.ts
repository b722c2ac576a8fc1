import { describe, expect, it } from 'vitest';
import { deliveryFault } from '#load-tests/gate/delivery.ts';
import { ClientCounts } from './client-counts.ts';
import { Offered } from './offered.ts';
import { SeriesIncreases } from './series-increases.ts';

describe('the increase of counters', () => {
  const series = (code: string, ...points: readonly (readonly [seconds: number, value: number])[]) => ({
    labels: { code },
    samples: points.map(([seconds, value]) => ({ atMs: 1000 * seconds, value })),
  });
  const at = Number.POSITIVE_INFINITY;

  it('is counted from the beginning on, each scrape once, in its second', () => {
    const increases = new SeriesIncreases();
    increases.begin([series('200', [9, 90], [10, 100])]);
    increases.add([series('200', [10, 100], [11, 103])], at);
    increases.add([series('200', [10, 100], [11, 103], [12.9, 110])], at);
    expect([...increases.bySecond]).toEqual([
      [11, 3],
      [12, 7],
    ]);
  });

  it('is all that a series has which was not there before, or has begun anew', () => {
    const increases = new SeriesIncreases();
    increases.begin([series('200', [10, 100])]);
    increases.add([series('200', [11, 4], [12, 5]), series('500', [12, 2])], at);
    expect([...increases.bySecond]).toEqual([
      [11, 4],
      [12, 3],
    ]);
  });

  it('waits for a scrape that the other selector has not seen', () => {
    const increases = new SeriesIncreases();
    increases.begin([series('200', [10, 0])]);
    increases.add([series('200', [11, 1], [12, 2])], 11_000);
    expect([...increases.bySecond]).toEqual([[11, 1]]);
    expect(increases.newestMs).toBe(11_000);
    increases.add([series('200', [11, 1], [12, 2])], 12_000);
    expect(increases.newestMs).toBe(12_000);
    expect([...increases.bySecond]).toEqual([
      [11, 1],
      [12, 1],
    ]);
  });
});

describe("the load generator's counts", () => {
  it('are batches from look to look; half-written sums wait', () => {
    const client = new ClientCounts();
    const sums = (bad: number, total: number) => new Map([['a', { bad, total }]]);
    client.add(sums(1, 10));
    client.add(sums(1, 10));
    client.add(sums(13, 20));
    client.add(sums(13, 30));
    const { bad, total, batches } = client.of('a');
    expect({ bad, total, batches }).toEqual({ bad: 13, total: 30, batches: 2 });
    expect(client.of('b').total).toBe(0);
  });
});

describe('the load', () => {
  const offered = (...looks: readonly (readonly [seconds: number, iterations: number, dropped?: number])[]) => {
    const all = new Offered();
    for (const [seconds, iterations, droppedIterations = 0] of looks) {
      all.look({ atMs: 1000 * seconds, iterations, droppedIterations });
    }
    return all.delivery({ iterationsPerSecond: 100, longestAnswerSeconds: 0.25 });
  };

  it('was offered where iterations were done as asked between the first look that saw any and the last', () => {
    const delivery = offered([0, 0], [1, 50], [11, 1050]);
    expect(delivery).toEqual({ asked: 900, done: 1000, dropped: 0 });
    expect(delivery && deliveryFault(delivery)).toBeUndefined();
  });

  it('was not offered where fewer were, or some were dropped', () => {
    const late = offered([1, 50], [11, 650]);
    expect(late && deliveryFault(late)?.kind).toBe('delivery');
    const dropped = offered([1, 50], [11, 1050, 20]);
    expect(dropped && deliveryFault(dropped)?.reason).toContain('20 iterations were dropped');
  });

  it('is not known of one look', () => {
    expect(offered([1, 50])).toBeUndefined();
  });
});
