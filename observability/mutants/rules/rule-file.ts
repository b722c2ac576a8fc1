import { parse, stringify } from 'yaml';
import { z } from 'zod';

/** A rule as Prometheus reads it; what is not named here is kept as it is. */
const rule = z.looseObject({
  alert: z.string().optional(),
  record: z.string().optional(),
  expr: z.string(),
  for: z.string().optional(),
  keep_firing_for: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
});

const content = z.looseObject({
  groups: z
    .array(z.looseObject({ name: z.string(), limit: z.coerce.number().optional(), rules: z.array(rule).default([]) }))
    .nullish(),
});

export type PromRule = z.infer<typeof rule>;

export interface RuleFile {
  readonly path: string;
  readonly groups: readonly RuleFileGroup[];
}

export interface RuleFileGroup {
  readonly name: string;
  readonly rules: readonly PromRule[];
}

/** Where a rule stands: the path of its file, the number of its group there, its own number in the group. */
export interface RulePlace {
  readonly path: string;
  readonly group: number;
  readonly rule: number;
}

/** Prometheus takes a label's value as it is written: `1.10` is not 1.1, and `0x10` not 16. */
const asWritten = { schema: 'failsafe', merge: true } as const;

/** @throws Error for what is no rule file, with its path and what was expected */
export function readRuleFile(path: string, text: string): RuleFile {
  const read = content.safeParse(parse(text, asWritten));
  if (!read.success) throw new Error(`${path}: expected a Prometheus rule file: ${z.prettifyError(read.error)}`);
  return { path, groups: read.data.groups ?? [] };
}

export function nameOf({ alert, record }: PromRule): string {
  return alert ?? record ?? '';
}

export function rulesOf({ path, groups }: RuleFile): readonly { readonly place: RulePlace; readonly rule: PromRule }[] {
  return groups.flatMap(({ rules }, group) =>
    rules.map((each, index) => ({ place: { path, group, rule: index }, rule: each })),
  );
}

/** The file with only those rules that are kept, one of them perhaps changed. Groups keep their order and settings. */
export function renderRules(
  { path, groups }: RuleFile,
  keep: (place: RulePlace) => boolean,
  instead: (place: RulePlace) => PromRule | 'removed' | undefined,
): string {
  const kept = groups.map((group, groupIndex) => ({
    ...group,
    rules: group.rules.flatMap((each, index) => {
      const place = { path, group: groupIndex, rule: index };
      const other = instead(place);
      return !keep(place) || other === 'removed' ? [] : [other ?? each];
    }),
  }));
  return stringify(
    { groups: kept.filter(({ rules }) => rules.length > 0) },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}

export function samePlace(one: RulePlace, other: RulePlace): boolean {
  return one.path === other.path && one.group === other.group && one.rule === other.rule;
}
