import { binariesOf, type ExpressionOperator, isConstant, textOf } from './expression.ts';

const others: Readonly<Record<string, string>> = { Add: '-', Sub: '+', Mul: '/', Div: '*' };

/** `+` for `-`, `*` for `/`, and the other way round; within a constant, the threshold is changed instead. */
export const arithmetic: ExpressionOperator = {
  name: 'arithmetic',
  edits: (expression) =>
    binariesOf(expression)
      .filter(({ left, right }) => !isConstant(left.node) || !isConstant(right.node))
      .flatMap((binary) => {
        const { operator } = binary;
        const other = others[operator.name];
        if (other === undefined) return [];
        const { from, to } = operator;
        const says = `${textOf(expression, operator)} → ${other} in ${textOf(expression, binary)}`;
        return [{ from, to, text: other, says }];
      }),
};
