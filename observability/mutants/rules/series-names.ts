import { childrenOf, nodesOf, parseExpression, textOf } from '../promql/expression.ts';

/** What an expression selects: a series by its name, alerts of a name, or whatever a regular expression matches. */
export type Selected =
  | { readonly kind: 'series'; readonly name: string }
  | { readonly kind: 'alert'; readonly name: string }
  | { readonly kind: 'like'; readonly regex: RegExp };

/** What every selector of an expression selects. */
export function selectedBy(expr: string): readonly Selected[] {
  const expression = parseExpression(expr);
  return nodesOf(expression.root, 'VectorSelector').map((node) => {
    const matchers = nodesOf(node, 'UnquotedLabelMatcher').map((matcher) => {
      const [label, operator, value] = childrenOf(matcher).map((part) => textOf(expression, part));
      return { label, operator, value: (value ?? '').slice(1, -1) };
    });
    const identifier = node.firstChild?.name === 'Identifier' ? textOf(expression, node.firstChild) : undefined;
    const quoted = nodesOf(node, 'QuotedLabelName').find(({ parent }) => parent?.name === 'LabelMatchers');
    const named = matchers.find(({ label }) => label === '__name__');
    const name =
      identifier ??
      (quoted && textOf(expression, quoted).slice(1, -1)) ??
      (named?.operator === '=' ? named.value : undefined);
    if (name === undefined) {
      return { kind: 'like', regex: new RegExp(named?.operator === '=~' ? `^(?:${named.value})$` : '') };
    }
    if (name !== 'ALERTS' && name !== 'ALERTS_FOR_STATE') return { kind: 'series', name };
    const alert = matchers.find(({ label, operator }) => label === 'alertname' && operator === '=');
    return alert ? { kind: 'alert', name: alert.value } : { kind: 'like', regex: /^/ };
  });
}
