import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** A PromQL expression and its tree; nodes are ranges of the text, so that what is not changed stays as it was written. */
export interface Expression {
  readonly text: string;
  readonly root: SyntaxNode;
}

/** Another text for a range of an expression. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** What changes, for people; by default the texts before and after. */
  readonly says?: string;
}

/** One kind of mistake in expressions. */
export interface ExpressionOperator {
  readonly name: string;
  edits(expression: Expression): readonly Edit[];
}

/** @throws SyntaxError for what is no PromQL, with the place */
export function parseExpression(text: string): Expression {
  const { topNode: root } = parser.parse(text);
  const broken = nodesOf(root).find(({ type }) => type.isError);
  if (broken) throw new SyntaxError(`expr: expected PromQL, found something else at character ${broken.from + 1}`);
  return { text, root };
}

export function edited({ text }: Expression, { from, to, text: other }: Edit): string {
  return text.slice(0, from) + other + text.slice(to);
}

/** The node and all below it, in the order of the text; of these names only, when any is given. */
export function nodesOf(root: SyntaxNode, ...names: readonly string[]): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  root.cursor().iterate(({ node }) => {
    if (names.length === 0 || names.includes(node.name)) found.push(node);
  });
  return found;
}

export function textOf({ text }: Expression, { from, to }: Span): string {
  return text.slice(from, to);
}

export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** `left operator right`, with what is written between operator and right: `bool`, `on (…)`, `group_left`. */
export interface Binary extends Span {
  readonly left: Operand;
  readonly operator: SyntaxNode;
  readonly right: Operand;
  /** Whether it is itself one side of another one, without parentheses. */
  readonly isOperand: boolean;
}

export interface Operand extends Span {
  readonly node: SyntaxNode;
}

export function binariesOf({ root }: Expression): readonly Binary[] {
  return nodesOf(root, 'BinaryExpr').flatMap((node) => {
    const [left, operator] = childrenOf(node);
    const right = node.lastChild;
    if (!left || !operator || !right) return [];
    const to = endOf(node);
    return [
      {
        from: node.from,
        to,
        left: { node: left, from: left.from, to: left.to },
        operator,
        right: { node: right, from: right.from, to },
        isOperand: parentOf(node)?.name === 'BinaryExpr',
      },
    ];
  });
}

/** Neither a series nor anything made of one: numbers, and what is computed from them. */
export function isConstant(node: SyntaxNode): boolean {
  return nodesOf(node, 'VectorSelector', 'FunctionCall', 'AggregateExpr', 'StringLiteral').length === 0;
}

/** What the grammar makes too large: in `a unless b offset 5m` it takes the offset for one of the whole; it is one of b. */
const trailing: ReadonlySet<string> = new Set(['OffsetExpr', 'StepInvariantExpr']);

function endOf(node: SyntaxNode): number {
  let end = node.to;
  for (let { parent } = node; parent; parent = parent.parent) {
    if (trailing.has(parent.name) && parent.firstChild?.to === end) end = parent.to;
    else if (parent.to !== end) break;
  }
  return end;
}

function parentOf({ parent }: SyntaxNode): SyntaxNode | null {
  return parent && trailing.has(parent.name) ? parentOf(parent) : parent;
}
