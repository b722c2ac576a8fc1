import { parse } from 'yaml';

/** What a test takes from the alert it is about, so that it is checked without being written twice. */
export interface AlertUnderTest {
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The alerts of a rule file, by its text. */
export function alertsUnderTest(text: string): readonly AlertUnderTest[] {
  const { groups } = parse(text) as {
    readonly groups: readonly { readonly rules: readonly Partial<AlertUnderTest>[] }[];
  };
  return groups.flatMap(({ rules }) =>
    rules.flatMap(({ alert, labels = {}, annotations = {} }) =>
      alert === undefined ? [] : [{ alert, labels, annotations }],
    ),
  );
}
