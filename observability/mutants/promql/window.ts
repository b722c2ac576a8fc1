import type { SyntaxNode } from '@lezer/common';
import { formatDuration } from '../../prometheus/duration.ts';
import { parseDuration } from './duration.ts';
import { type Edit, type Expression, type ExpressionOperator, nodesOf, textOf } from './expression.ts';

/** Every range and offset, halved and doubled; ranges of different lengths, each in place of the other. */
export const window: ExpressionOperator = {
  name: 'window',
  edits: (expression) => {
    const durations = nodesOf(expression.root, 'NumberDurationLiteralInDurationContext');
    return [...durations.flatMap((node) => scaled(expression, node)), ...swapped(expression)];
  },
};

function scaled(expression: Expression, node: SyntaxNode): readonly Edit[] {
  const { from, to } = node;
  const text = textOf(expression, node);
  const seconds = parseDuration(text);
  const says = (other: string) => `${around(expression, node)}: ${text} → ${other}`;
  return [seconds / 2, seconds * 2]
    .map(formatDuration)
    .filter((other) => other !== text)
    .map((other) => ({ from, to, text: other, says: says(other) }));
}

/** The short for the long and the long for the short, in the whole expression. */
function swapped(expression: Expression): readonly Edit[] {
  const ranges = nodesOf(expression.root, 'MatrixSelector').flatMap((node) => node.lastChild ?? []);
  const lengths = [...new Set(ranges.map((node) => textOf(expression, node)))];
  const [one, other] = lengths;
  if (one === undefined || other === undefined || lengths.length > 2) return [];
  let text = expression.text;
  for (const { from, to } of ranges.toReversed()) {
    text = text.slice(0, from) + (text.slice(from, to) === one ? other : one) + text.slice(to);
  }
  return [{ from: 0, to: expression.text.length, text, says: `${one} and ${other} in each other's place` }];
}

function around(expression: Expression, node: SyntaxNode): string {
  const selector = node.parent?.parent ?? node;
  return textOf(expression, selector);
}
