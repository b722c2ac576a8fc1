import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { severities, teams } from '#catalog/alerting.ts';
import { dashboards } from '#catalog/dashboards.ts';
import { queryValue, queryVector } from '#chaos/probes/prometheus-client.ts';
import { suites } from '#observability/rule-tests/suites.ts';
import { committedTimeScales, generatedPath } from '#observability/rules/generated-path.ts';
import { projectFile, projectRoot } from '#runner/project.ts';
import type { OpenStack } from '#runner/stack.ts';
import { startServices } from '#tests/support/native.ts';

interface Alert {
  readonly file: string;
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const ruleFiles = globSync('observability/rules/generated/*.yaml', { cwd: projectRoot });
const alerts = ruleFiles.flatMap(alertsOf);

describe('every committed rule file', () => {
  it('is committed at every time scale', () => {
    const names = new Set(ruleFiles.map((file) => basename(file).replace(/(\.scale-\d+)?\.yaml$/, '')));
    const expected = [...names].flatMap((name) => committedTimeScales.map((scale) => generatedPath(name, scale)));
    expect([...ruleFiles].sort()).toEqual(expected.sort());
  });
});

describe.each(alerts)('$alert in $file', ({ file, alert, labels, annotations }) => {
  it('is tested to fire, with its description, and to stay silent', () => {
    const name = basename(file).replace(/(\.scale-\d+)?\.yaml$/, '');
    const tests = suites.filter(({ ruleFile }) => ruleFile === name).flatMap((suite) => suite.tests);
    const own = tests.filter((test) => 'alert' in test).filter((test) => test.alert === alert);
    const fires = own.filter(({ checks }) => checks.some(({ firing }) => firing.length > 0));
    const silent = own.filter(({ checks }) => checks.every(({ firing }) => firing.length === 0));
    expect(fires.length).toBeGreaterThan(0);
    expect(silent.length).toBeGreaterThan(0);
    const described = fires.flatMap(({ checks }) => checks.flatMap(({ firing }) => firing));
    expect(described.some(({ description }) => description !== undefined)).toBe(true);
  });

  it('says how urgent it is, whom to ask, what is wrong and how much, and where to look', () => {
    expect(severities).toContain(labels.severity);
    expect(teams).toContain(labels.team);
    expect(annotations.summary).toMatch(/\.$/);
    expect(annotations.summary).not.toContain('$value');
    expect(annotations.description).toContain('$value');
    expect(existsSync(projectFile(annotations.runbook_url ?? ''))).toBe(true);
    expect(Object.values(dashboards).map((uid) => `/d/${uid}`)).toContain(annotations.dashboard_url);
  });
});

describe('the alerts on the stack', () => {
  const { signal } = new AbortController();
  const found = { timeout: 30_000, interval: 250 };
  /** Born with the first failure: the alert knows. */
  const unborn = /_(send|enqueue)_failed_/;
  /** What a stack of two replicas may cost Prometheus. */
  const maximumSeries = 20_000;

  let stack: OpenStack;
  let prometheus: string;

  beforeAll(async () => {
    stack = await startServices();
    prometheus = `http://127.0.0.1:${stack.options.ports.prometheus}`;
    const users = `http://127.0.0.1:${stack.options.ports.edge}/api/backend/users`;
    expect((await fetch(users)).status).toBe(200);
    expect((await fetch(users, { headers: { authorization: 'Bearer nobody' } })).status).toBe(401);
  });
  afterAll(() => stack?.[Symbol.asyncDispose]());

  it.each(alertsOf(generatedPath('alerts', stackScale())))('$alert looks at what the stack tells', async ({ expr }) => {
    const answer = await fetch(`${prometheus}/api/v1/parse_query?${new URLSearchParams({ query: expr })}`);
    const selectors = new Set(selectorsIn(((await answer.json()) as { data: unknown }).data));
    expect(selectors.size).toBeGreaterThan(0);
    for (const selector of [...selectors].filter((text) => !unborn.test(text))) {
      await expect.poll(async () => (await queryVector(prometheus, selector, signal)).length, found).toBeGreaterThan(0);
    }
  });

  it('are evaluated without a fault', async () => {
    const ask = (query: string) => async () => await queryValue(prometheus, query, signal);
    await expect.poll(ask('min(prometheus_rule_evaluations_total)'), found).toBeGreaterThan(0);
    expect(await ask('sum(prometheus_rule_evaluation_failures_total)')()).toBe(0);
  });

  it('and the rest of what is recorded keep to the series that Prometheus may hold', async () => {
    const series = async () => (await queryValue(prometheus, 'prometheus_tsdb_head_series', signal)) ?? 0;
    await expect.poll(series, found).toBeGreaterThan(1000);
    expect(await series()).toBeLessThan(maximumSeries);
  });
});

function stackScale(): number {
  return committedTimeScales.at(-1) ?? 1;
}

function alertsOf(file: string): readonly Alert[] {
  const { groups } = parse(readFileSync(projectFile(file), 'utf8')) as {
    readonly groups: readonly { readonly rules: readonly Partial<Alert>[] }[];
  };
  return groups.flatMap(({ rules }) =>
    rules.filter((rule): rule is Alert => rule.alert !== undefined).map((rule) => ({ ...rule, file })),
  );
}

interface Matcher {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/** Selectors anywhere in what Prometheus made of an expression, as PromQL. */
function selectorsIn(node: unknown): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  const { type, matchers } = node as { readonly type?: string; readonly matchers?: readonly Matcher[] };
  if (type === 'vectorSelector' || type === 'matrixSelector') {
    return [`{${matchers?.map(({ name, type, value }) => `${name}${type}${JSON.stringify(value)}`).join(',')}}`];
  }
  return Object.values(node).flatMap(selectorsIn);
}
