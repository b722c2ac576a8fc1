import { type ExpressionOperator, textOf } from './expression.ts';
import { isQuantile, otherConstantsOf, otherNumbers } from './numbers.ts';

/** Numbers that nothing is compared with: factors, budgets, quantiles. */
export const constant: ExpressionOperator = {
  name: 'constant',
  edits: (expression) =>
    otherConstantsOf(expression).flatMap((node) => {
      if (!isQuantile(expression, node)) return otherNumbers(expression, node);
      const { from, to } = node;
      const phi = Number(textOf(expression, node));
      return [phi / 2, (1 + phi) / 2].map((other) => ({ from, to, text: String(other) }));
    }),
};
