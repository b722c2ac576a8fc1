import { binariesOf, type Edit, type Expression, type ExpressionOperator, type Operand, textOf } from './expression.ts';

const others: Readonly<Record<string, readonly string[]>> = {
  And: ['or', 'unless'],
  Or: ['and'],
  Unless: ['and'],
};

/** `and`, `or` and `unless`: one for the other, one side alone, and the sides in each other's place. */
export const logic: ExpressionOperator = {
  name: 'logic',
  edits: (expression) =>
    binariesOf(expression).flatMap((binary) => {
      const { left, operator, right } = binary;
      const words = others[operator.name];
      if (words === undefined) return [];
      const written = textOf(expression, operator);
      const clause = expression.text.slice(operator.to, right.from);
      const edit = (text: string, says: string): Edit => {
        const { from, to } = binary;
        return { from, to, text, says: `${says} in ${textOf(expression, binary)}` };
      };
      const joined = (one: Operand, word: string, two: Operand) => {
        const text = `${operand(expression, one)} ${word}${clause}${operand(expression, two)}`;
        return binary.isOperand ? `(${text})` : text;
      };
      return [
        ...words.map((word) => edit(joined(left, word, right), `${written} → ${word}`)),
        edit(textOf(expression, left), `${written}: only the left side`),
        edit(textOf(expression, right), `${written}: only the right side`),
        ...(operator.name === 'Or' ? [] : [edit(joined(right, written, left), `${written}: sides swapped`)]),
      ];
    }),
};

/** As it is read in whatever place it is put. */
function operand(expression: Expression, side: Operand): string {
  const text = textOf(expression, side);
  return side.node.name === 'BinaryExpr' ? `(${text})` : text;
}
