import { describe, expect, it } from 'vitest';
import { bareCounters, ranges, ratesOfGauges, selectedSeries } from './promql.ts';

describe('what an expression selects', () => {
  it.each([
    ['sum by (job) (rate(a_total{job="x", path=~"/{id}"}[5m]))', ['a_total']],
    ['max(a:b:c) / on (id) group_left () d{e="f"} > bool 0.5', ['a:b:c', 'd']],
    ['up or vector(0) unless on () ALERTS{alertstate="firing"}', ['up', 'ALERTS']],
    ['histogram_quantile(0.95, sum by (le) (rate(b_bucket[$__rate_interval])))', ['b_bucket']],
    ['count_over_time(count(up)[$__range:$__interval]) * ($__interval_ms / 1000)', ['up']],
    ['label_replace(vector(0), "alertname", "none", "", "")', []],
    ['a offset 5m > -Inf', ['a']],
  ])('%s', (expr, metrics) => {
    expect(selectedSeries(expr).map(({ metric }) => metric)).toEqual(metrics);
  });

  it('comes with its matchers as they are written', () => {
    expect(selectedSeries('rate(a{job="x", b=~"c|d"}[1m]) + e')).toEqual([
      { metric: 'a', matchers: 'job="x", b=~"c|d"' },
      { metric: 'e', matchers: '' },
    ]);
  });
});

it('ranges are what stands between brackets, also of a subquery, but not in a string', () => {
  expect(ranges('rate(a{b="[x]"}[$__rate_interval]) + max_over_time(c[$__range:1s])')).toEqual([
    '$__rate_interval',
    '$__range:1s',
  ]);
});

describe('a counter without a rate', () => {
  it.each(['sum(a_total{b="c"})', 'a_count', 'sum by (a_sum) (b_bucket{le="1"})', '1 - a_total', 'deriv(a_total[1m])'])(
    'is found: %s',
    (expr) => {
      expect(bareCounters(expr).length).toBeGreaterThan(0);
    },
  );

  it.each([
    'rate(a_total{b="c"}[1m])',
    'sum(increase(a_count[1m]))',
    'a_totals',
    'total',
    'sum(a)',
    'max_over_time(a_total[1m])',
  ])('is none: %s', (expr) => {
    expect(bareCounters(expr)).toEqual([]);
  });
});

it('a rate of a gauge is found, one of a counter is none', () => {
  expect(
    ratesOfGauges('sum by (b) (rate(a_bytes{b="rate(c)"}[1m])) + increase(d_total[1m]) / rate(e_count[1m])'),
  ).toEqual(['a_bytes']);
});
