import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { channelOf, type Severity } from '#catalog/alerting.ts';
import { projectFile } from '#runner/project.ts';
import { rulesOfStack, slosOfStack } from '#runner/rules.ts';
import { inhibitions } from './inhibitions.ts';

const rules = inhibitions(await slosOfStack());
const urgency = { pager: 2, tickets: 1, log: 0 } as const;

/** Every alert of the stack with its severities. */
const alerts = (await rulesOfStack(1)).flatMap(({ content }) =>
  (parse(content) as RuleFile).groups.flatMap((group) =>
    group.rules.flatMap(({ alert, labels }) => (alert === undefined ? [] : [{ alert, severity: labels.severity }])),
  ),
);

interface RuleFile {
  readonly groups: {
    readonly rules: { readonly alert?: string; readonly labels: { readonly severity: Severity } }[];
  }[];
}

describe.each(rules)('$name', ({ source, target }) => {
  it('is about alerts that there are', () => {
    const named = [...namesIn(source), ...namesIn(target)];
    expect(named.length).toBeGreaterThan(1);
    expect(named.filter((name) => !alerts.some(({ alert }) => new RegExp(`^(?:${name})$`).test(alert)))).toEqual([]);
  });

  it('silences nothing that is more urgent than what says it', () => {
    const least = Math.min(...severities(source).map((severity) => urgency[channelOf[severity]]));
    const most = Math.max(...severities(target).map((severity) => urgency[channelOf[severity]]));
    expect(least).toBeGreaterThanOrEqual(most);
  });

  it('silences nothing that wakes somebody: whoever was told of it would be told again at the end', () => {
    expect(severities(target).map((severity) => channelOf[severity])).not.toContain('pager');
  });
});

it('docs/on-call.md has one row for each, in the same order', () => {
  const page = readFileSync(projectFile('docs/on-call.md'), 'utf8');
  const section = page.split('## ').find((text) => text.startsWith('What is kept quiet')) ?? '';
  const rows = [...section.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
  expect(rows).toEqual(rules.map(({ name }) => name));
});

function severities(matchers: readonly string[]): readonly Severity[] {
  const [only] = matchers.flatMap((matcher) => /^severity="(\w+)"$/.exec(matcher)?.[1] ?? []);
  const named = alerts.filter(({ alert }) => namesIn(matchers).some((name) => new RegExp(`^(?:${name})$`).test(alert)));
  return named.map(({ severity }) => severity).filter((severity) => only === undefined || severity === only);
}

function namesIn(matchers: readonly string[]): readonly string[] {
  return matchers.flatMap((matcher) => /^alertname=~?"(.+)"$/.exec(matcher)?.[1]?.split('|') ?? []);
}
