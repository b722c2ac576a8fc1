import { childrenOf, type ExpressionOperator, nodesOf, textOf } from './expression.ts';

/** What is looked for in the past, looked for now. */
export const offset: ExpressionOperator = {
  name: 'offset',
  edits: (expression) =>
    nodesOf(expression.root, 'OffsetExpr').flatMap((node) => {
      const [selector] = childrenOf(node);
      if (!selector) return [];
      const { from, to } = node;
      return [
        { from, to, text: textOf(expression, selector), says: `${textOf(expression, node)}: without its offset` },
      ];
    }),
};
