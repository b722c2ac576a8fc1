import { childrenOf, type ExpressionOperator, nodesOf, textOf } from './expression.ts';

const others: Readonly<Record<string, readonly string[]>> = {
  rate: ['increase', 'irate'],
  increase: ['rate'],
  irate: ['rate'],
  delta: ['idelta'],
  idelta: ['delta'],
  deriv: ['delta'],
  changes: ['resets'],
  resets: ['changes'],
  max_over_time: ['min_over_time', 'avg_over_time'],
  min_over_time: ['max_over_time'],
  avg_over_time: ['max_over_time'],
  sum_over_time: ['avg_over_time'],
  count_over_time: ['sum_over_time'],
  last_over_time: ['max_over_time'],
  present_over_time: ['absent_over_time'],
  absent_over_time: ['present_over_time'],
  floor: ['ceil'],
  ceil: ['floor'],
  clamp_min: ['clamp_max'],
  clamp_max: ['clamp_min'],
};

/** Their first argument is of the same type as they are, so that they can be left out. */
const removable: ReadonlySet<string> = new Set([
  'absent',
  'abs',
  'ceil',
  'clamp',
  'clamp_max',
  'clamp_min',
  'floor',
  'label_join',
  'label_replace',
  'round',
]);

/** Another function, or none. */
export const functionCall: ExpressionOperator = {
  name: 'function',
  edits: (expression) =>
    nodesOf(expression.root, 'FunctionCall').flatMap((node) => {
      const [name, body] = childrenOf(node);
      if (!name || !body) return [];
      const written = textOf(expression, name);
      const says = (other: string) => `${written} → ${other} in ${textOf(expression, node)}`;
      const { from, to } = name;
      const changed = (others[written] ?? []).map((other) => ({ from, to, text: other, says: says(other) }));
      const [argument] = childrenOf(body);
      if (!removable.has(written) || !argument) return changed;
      const alone = { from: node.from, to: node.to, text: `(${textOf(expression, argument)})`, says: says('nothing') };
      return [...changed, alone];
    }),
};
