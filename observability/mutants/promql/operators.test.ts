import { describe, expect, it } from 'vitest';
import { aggregation } from './aggregation.ts';
import { arithmetic } from './arithmetic.ts';
import { comparison } from './comparison.ts';
import { constant } from './constant.ts';
import { type ExpressionOperator, edited, parseExpression } from './expression.ts';
import { functionCall } from './function.ts';
import { logic } from './logic.ts';
import { matcher } from './matcher.ts';
import { matching } from './matching.ts';
import { offset } from './offset.ts';
import { expressionOperators } from './operators.ts';
import { threshold } from './threshold.ts';
import { window } from './window.ts';

/** What each operator makes of an expression: all of it, and in this order. */
const table: readonly (readonly [ExpressionOperator, string, readonly string[]])[] = [
  [threshold, 'a > 0.1', ['a > 0.05', 'a > 0.2']],
  [threshold, '10 < a', ['5 < a', '20 < a']],
  [threshold, 'a == 0', ['a == 1']],
  [threshold, 'a > (14.4 * 0.005)', ['a > (14.4 * 0.005) * 0.5', 'a > (14.4 * 0.005) * 2']],
  [threshold, 'a > 0.9 * 256', ['a > (0.9 * 256) * 0.5', 'a > (0.9 * 256) * 2']],
  [threshold, 'a * 2 + 1', []],
  [comparison, 'a > 1', ['a >= 1', 'a < 1', 'a']],
  [comparison, 'a <= b', ['a < b', 'a >= b']],
  [comparison, '1 == a', ['1 != a', 'a']],
  [comparison, 'b and a > 1 unless c > 2', ofTwo('b and a > 1 unless c > 2')],
  [constant, 'a * 4 > 1', ['a * 2 > 1', 'a * 8 > 1']],
  [constant, 'histogram_quantile(0.9, a)', ['histogram_quantile(0.45, a)', 'histogram_quantile(0.95, a)']],
  [constant, '0 * a', ['1 * a']],
  [arithmetic, '(a + b) / 2 > 3 * 4', ['(a + b) * 2 > 3 * 4', '(a - b) / 2 > 3 * 4']],
  [arithmetic, 'a - b * c', ['a + b * c', 'a - b / c']],
  [window, 'rate(a[5m])', ['rate(a[150s])', 'rate(a[10m])']],
  [window, 'a offset 1h', ['a offset 30m', 'a offset 2h']],
  [
    window,
    'rate(a[1m]) + rate(b[1h])',
    [
      'rate(a[30s]) + rate(b[1h])',
      'rate(a[2m]) + rate(b[1h])',
      'rate(a[1m]) + rate(b[30m])',
      'rate(a[1m]) + rate(b[2h])',
      'rate(a[1h]) + rate(b[1m])',
    ],
  ],
  [offset, 'rate(a[5m] offset 1h)', ['rate(a[5m])']],
  [offset, 'a unless b offset 5m', ['a unless b']],
  [logic, 'a and b', ['a or b', 'a unless b', 'a', 'b', 'b and a']],
  [logic, 'a or b', ['a and b', 'a', 'b']],
  [logic, 'a unless on (x) b', ['a and on (x) b', 'a', 'b', 'b unless on (x) a']],
  [
    logic,
    'a > 1 and b or c',
    [
      '(a > 1 and b) and c',
      'a > 1 and b',
      'c',
      '((a > 1) or b) or c',
      '((a > 1) unless b) or c',
      'a > 1 or c',
      'b or c',
      '(b and (a > 1)) or c',
    ],
  ],
  [logic, 'a unless b offset 5m', ['a and b offset 5m', 'a', 'b offset 5m', 'b offset 5m unless a']],
  [matcher, 'a{b="c"}', ['a', 'a{b!="c"}', 'a{b="c-other"}']],
  [
    matcher,
    'a{b!="c",d="e"}',
    ['a{d="e"}', 'a{b="c",d="e"}', 'a{b!="c"}', 'a{b!="c",d!="e"}', 'a{b!="c",d="e-other"}'],
  ],
  [matcher, 'a{b=~"x_(y|z)"}', ['a', 'a{b!~"x_(y|z)"}', 'a{b=~"x_(z)"}', 'a{b=~"x_(y)"}']],
  [matcher, '{__name__="a"}', ['{__name__!="a"}', '{__name__="a-other"}']],
  [aggregation, 'sum(a)', ['avg(a)', 'max(a)']],
  [
    aggregation,
    'min by (b, c) (a)',
    ['max by (b, c) (a)', 'min without (b, c) (a)', 'min by (c) (a)', 'min by (b) (a)'],
  ],
  [
    aggregation,
    'max(a) without (b)',
    ['min(a) without (b)', 'sum(a) without (b)', 'max(a) by (b)', 'max(a) without ()'],
  ],
  [matching, 'a and on (b) c', ['a and  c']],
  [matching, 'a / on (b) group_left c', []],
  [functionCall, 'rate(a[5m])', ['increase(a[5m])', 'irate(a[5m])']],
  [functionCall, 'round(a) > absent(b)', ['(a) > absent(b)', 'round(a) > (b)']],
  [functionCall, 'max_over_time(a[1h])', ['min_over_time(a[1h])', 'avg_over_time(a[1h])']],
];

function ofTwo(text: string): readonly string[] {
  const first = ['a >= 1', 'a < 1', 'a'].map((other) => text.replace('a > 1', other));
  const second = ['c >= 2', 'c < 2'].map((other) => text.replace('c > 2', other));
  return [...first, ...second, text.replace('c > 2', 'c')];
}

describe('an expression with one mistake in it', () => {
  it.each(table)('$0.name of $1', ({ edits }, text, mutants) => {
    const expression = parseExpression(text);
    expect(edits(expression).map((edit) => edited(expression, edit))).toEqual(mutants);
  });

  it('is tested for every operator', () => {
    const tested = new Set(table.map(([operator]) => operator));
    expect(expressionOperators.filter((operator) => !tested.has(operator))).toEqual([]);
  });
});

describe('what is no PromQL', () => {
  it('is refused with its place', () => {
    expect(() => parseExpression('sum(a > ')).toThrow(/expected PromQL, found something else at character \d/);
  });
});
