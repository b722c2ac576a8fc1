import { childrenOf, type ExpressionOperator, nodesOf, textOf } from './expression.ts';

/** Which series of the two sides belong together: without the clause that says it, all labels count. */
export const matching: ExpressionOperator = {
  name: 'matching',
  edits: (expression) =>
    nodesOf(expression.root, 'MatchingModifierClause')
      .filter((clause) =>
        childrenOf(clause).every(({ name }) => !name.startsWith('Group') || name === 'GroupingLabels'),
      )
      .map((clause) => {
        const { from, to } = clause;
        return { from, to, text: '', says: `without ${textOf(expression, clause)}` };
      }),
};
