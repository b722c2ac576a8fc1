import { type Document, parseDocument, type Scalar, visit, type YAMLMap, type YAMLSeq } from 'yaml';
import { z } from 'zod';
import { type Selected, selectedBy } from './series-names.ts';

/** One test of a promtool file; what is not named here goes to promtool as it is. */
const group = z.looseObject({
  name: z.string().optional(),
  alert_rule_test: z.array(z.looseObject({ alertname: z.string() })).nullish(),
  promql_expr_test: z.array(z.looseObject({ expr: z.string() })).nullish(),
});

const content = z.looseObject({ rule_files: z.array(z.string()), tests: z.array(group).nullish() });

/** A test that can be run alone. */
export interface RuleTestCase {
  /** What people call it: its name, or where it stands. */
  readonly name: string;
  /** The file that it stands in. */
  readonly path: string;
  /** As its file names them, relative to it, with wildcards. */
  readonly ruleFiles: readonly string[];
  readonly asks: readonly Selected[];
  /** The file for promtool with this test alone, of these rule files. */
  render(ruleFiles: readonly string[]): string;
}

/** @throws Error for what is no file of promtool's tests, with its path and what was expected */
export function readRuleTests(path: string, text: string): readonly RuleTestCase[] {
  const document = parseDocument(text, { merge: true });
  const read = content.safeParse(document.toJS());
  if (!read.success) throw new Error(`${path}: expected tests for promtool: ${z.prettifyError(read.error)}`);
  const { tests, rule_files: ruleFiles } = read.data;
  return (tests ?? []).map((test, index) => ({
    name: test.name ?? `test ${index + 1}`,
    path,
    ruleFiles,
    asks: [
      ...(test.alert_rule_test ?? []).map(({ alertname: name }) => ({ kind: 'alert', name }) as const),
      ...(test.promql_expr_test ?? []).flatMap(({ expr }) => selectedBy(expr)),
    ],
    render: (files) => alone(document, index, files),
  }));
}

/** As it was written: `0x30` is a value that stays 0, not the number 48. What is told elsewhere in the file is told here. */
function alone(document: Document.Parsed, index: number, ruleFiles: readonly string[]): string {
  const copy = document.clone();
  visit(copy, {
    Alias: (_, alias) => {
      const node = alias.resolve(document)?.clone() as Scalar | YAMLMap | YAMLSeq | undefined;
      if (node) delete node.anchor;
      return node;
    },
  });
  const tests = copy.get('tests') as YAMLSeq;
  copy.set('tests', copy.createNode([]));
  (copy.get('tests') as YAMLSeq).add(tests.items[index]);
  copy.set('rule_files', ruleFiles);
  return copy.toString({ lineWidth: 0 });
}
