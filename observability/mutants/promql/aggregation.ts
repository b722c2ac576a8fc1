import { childrenOf, type Edit, type Expression, type ExpressionOperator, nodesOf, textOf } from './expression.ts';

const others: Readonly<Record<string, readonly string[]>> = {
  sum: ['avg', 'max'],
  avg: ['sum', 'max'],
  max: ['min', 'sum'],
  min: ['max'],
  count: ['sum'],
};

/** Another aggregation, and each label that it keeps or throws away. */
export const aggregation: ExpressionOperator = {
  name: 'aggregation',
  edits: (expression) =>
    nodesOf(expression.root, 'AggregateExpr').flatMap((node) => {
      const [operator] = childrenOf(node);
      if (!operator) return [];
      const { from, to } = operator;
      const written = textOf(expression, operator);
      const whole = textOf(expression, node);
      const edit = (text: string): Edit => ({ from, to, text, says: `${written} → ${text} in ${whole}` });
      return [...(others[written] ?? []).map(edit), ...labels(expression, node)];
    }),
};

function labels(expression: Expression, node: ReturnType<typeof childrenOf>[number]): readonly Edit[] {
  const clause = childrenOf(node).find(({ name }) => name === 'AggregateModifier');
  const [word, list] = clause ? childrenOf(clause) : [];
  if (!clause || !word || !list) return [];
  const written = textOf(expression, word);
  const other = written === 'by' ? 'without' : 'by';
  const names = childrenOf(list).map((label) => textOf(expression, label));
  const whole = textOf(expression, node);
  return [
    { from: word.from, to: word.to, text: other, says: `${written} → ${other} in ${whole}` },
    ...names.map((name, index) => ({
      from: list.from,
      to: list.to,
      text: `(${names.toSpliced(index, 1).join(', ')})`,
      says: `${written} without ${name} in ${whole}`,
    })),
  ];
}
