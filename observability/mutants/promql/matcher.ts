import type { SyntaxNode } from '@lezer/common';
import { childrenOf, type Edit, type Expression, type ExpressionOperator, nodesOf, textOf } from './expression.ts';

const negated: Readonly<Record<string, string>> = { '=': '!=', '!=': '=', '=~': '!~', '!~': '=~' };

/** A label matcher dropped, negated, of another value, or of a regular expression that lacks one of its alternatives. */
export const matcher: ExpressionOperator = {
  name: 'matcher',
  edits: (expression) =>
    nodesOf(expression.root, 'LabelMatchers').flatMap((list) => {
      const matchers = childrenOf(list).filter(({ name }) => name.endsWith('LabelMatcher'));
      const named = list.parent?.firstChild?.name === 'Identifier';
      return matchers.flatMap((each, index) => [
        ...(named || matchers.length > 1 ? [without(expression, list, matchers, index)] : []),
        ...changed(expression, each),
      ]);
    }),
};

function without(expression: Expression, list: SyntaxNode, matchers: readonly SyntaxNode[], index: number): Edit {
  const others = matchers.filter((_, other) => other !== index).map((each) => textOf(expression, each));
  const dropped = matchers[index] as SyntaxNode;
  const text = others.length === 0 ? '' : `{${others.join(',')}}`;
  return { from: list.from, to: list.to, text, says: says(expression, dropped, 'dropped') };
}

function changed(expression: Expression, node: SyntaxNode): readonly Edit[] {
  const [, operator, value] = childrenOf(node);
  if (!operator || !value) return [];
  const sign = textOf(expression, operator);
  const quoted = textOf(expression, value);
  const inner = quoted.slice(1, -1);
  const ofValue = (text: string) => ({
    from: value.from,
    to: value.to,
    text: quoted[0] + text + quoted[0],
    says: says(expression, node, `"${text}"`),
  });
  const other = negated[sign] ?? sign;
  return [
    { from: operator.from, to: operator.to, text: other, says: says(expression, node, other) },
    ...(sign === '=' && inner !== '' ? [ofValue(`${inner}-other`)] : []),
    ...(sign.endsWith('~') ? withoutAlternatives(inner).map(ofValue) : []),
  ];
}

/** `a|b` and `x_(a|b)`: without each. Deeper ones are left alone. */
function withoutAlternatives(regex: string): readonly string[] {
  const [, before = '', list = '', after = ''] = /^([^()|]*\()?([^()]*)(\)[^()|]*)?$/.exec(regex) ?? [];
  const alternatives = list.split('|');
  if (alternatives.length < 2) return [];
  return alternatives.map((_, index) => before + alternatives.toSpliced(index, 1).join('|') + after);
}

function says(expression: Expression, matcherNode: SyntaxNode, what: string): string {
  const selector = matcherNode.parent?.parent;
  return `${textOf(expression, matcherNode)} → ${what} in ${selector ? textOf(expression, selector) : ''}`;
}
