import type { ExpressionOperator } from './expression.ts';
import { otherNumbers, thresholdsOf } from './numbers.ts';

/** What a value is compared with, halved and doubled. */
export const threshold: ExpressionOperator = {
  name: 'threshold',
  edits: (expression) => thresholdsOf(expression).flatMap((node) => otherNumbers(expression, node)),
};
