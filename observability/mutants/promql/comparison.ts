import { binariesOf, type ExpressionOperator, isConstant, textOf } from './expression.ts';
import { comparisons } from './numbers.ts';

/** What is written by mistake for each: the neighbour that differs at the limit alone, and the other direction. */
const others: Readonly<Record<string, readonly string[]>> = {
  '>': ['>=', '<'],
  '>=': ['>', '<='],
  '<': ['<=', '>'],
  '<=': ['<', '>='],
  '==': ['!='],
  '!=': ['=='],
};

/** Another comparison, or none. */
export const comparison: ExpressionOperator = {
  name: 'comparison',
  edits: (expression) =>
    binariesOf(expression)
      .filter(({ operator }) => comparisons.has(operator.name))
      .flatMap((binary) => {
        const { left, operator, right } = binary;
        const written = textOf(expression, operator);
        const says = (other: string) => `${textOf(expression, binary)}: ${written} → ${other}`;
        const changed = (others[written] ?? []).map((other) => ({
          from: operator.from,
          to: operator.to,
          text: other,
          says: says(other),
        }));
        const value = isConstant(right.node) ? left : right;
        if (isConstant(value.node) || !isConstant((value === left ? right : left).node)) return changed;
        return [
          ...changed,
          { from: binary.from, to: binary.to, text: textOf(expression, value), says: says('nothing') },
        ];
      }),
};
