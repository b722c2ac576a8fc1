import type { SyntaxNode } from '@lezer/common';
import { binariesOf, childrenOf, type Edit, type Expression, isConstant, nodesOf, textOf } from './expression.ts';

/** Half and double of a constant; 0 has neither and becomes 1. A constant that is computed stays as it is written. */
export function otherNumbers(expression: Expression, node: SyntaxNode): readonly Edit[] {
  const { from, to } = node;
  const text = textOf(expression, node);
  const value = Number(text);
  if (value === 0) return [{ from, to, text: '1' }];
  if (Number.isNaN(value)) {
    const computed = node.name === 'ParenExpr' ? text : `(${text})`;
    return ['0.5', '2'].map((factor) => ({ from, to, text: `${computed} * ${factor}` }));
  }
  return [value / 2, value * 2].map((other) => ({ from, to, text: String(other) }));
}

/** The constant that each comparison compares with. */
export function thresholdsOf(expression: Expression): readonly SyntaxNode[] {
  return binariesOf(expression)
    .filter(({ operator }) => comparisons.has(operator.name))
    .flatMap(({ left, right }) => [left.node, right.node].filter(isConstant));
}

/** Numbers that are no threshold and no part of one. */
export function otherConstantsOf(expression: Expression): readonly SyntaxNode[] {
  const thresholds = thresholdsOf(expression);
  return nodesOf(expression.root, 'NumberDurationLiteral').filter(
    ({ from, to }) => !thresholds.some((threshold) => threshold.from <= from && to <= threshold.to),
  );
}

export const comparisons: ReadonlySet<string> = new Set(['Gtr', 'Gte', 'Lss', 'Lte', 'Eql', 'EqlC', 'Neq']);

/** Whether a number is the φ of a quantile, which stays between 0 and 1. */
export function isQuantile(expression: Expression, number: SyntaxNode): boolean {
  const body = number.parent;
  const call = body?.parent;
  if (body?.name !== 'FunctionCallBody' || !call) return false;
  const [head] = childrenOf(call);
  return head !== undefined && textOf(expression, head).includes('quantile') && body.firstChild?.from === number.from;
}
