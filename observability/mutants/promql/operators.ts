import { aggregation } from './aggregation.ts';
import { arithmetic } from './arithmetic.ts';
import { comparison } from './comparison.ts';
import { constant } from './constant.ts';
import type { ExpressionOperator } from './expression.ts';
import { functionCall } from './function.ts';
import { logic } from './logic.ts';
import { matcher } from './matcher.ts';
import { matching } from './matching.ts';
import { offset } from './offset.ts';
import { threshold } from './threshold.ts';
import { window } from './window.ts';

export const expressionOperators: readonly ExpressionOperator[] = [
  threshold,
  comparison,
  constant,
  arithmetic,
  window,
  offset,
  logic,
  matching,
  matcher,
  aggregation,
  functionCall,
];
