import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Tier, tiers } from './burn-rate.ts';
import { renderRules } from './render.ts';
import type { Slo } from './slo.ts';

const slo: Slo = {
  name: 'edge-availability',
  displayName: 'Availability',
  description: 'Users get answers.',
  service: 'backend',
  target: 0.995,
  periodSeconds: 30 * 86_400,
  sli: { counts: 'bad', events: ['requests_total{status=~"5.."}'], total: ['requests_total'] },
  groupBy: [],
  tiers,
  requestsPerSecond: 50,
  runbook: 'docs/runbooks/EdgeAvailabilityBurnRate.md',
};

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

describe('rules of one SLO', () => {
  it('are two groups, one evaluated as often as asked, the other as long windows need it', () => {
    const { groups } = parse(render({ evaluationIntervalSeconds: 0.5, timeScale: 60 }));
    expect(groups).toMatchObject([
      { name: 'slo-backend-edge-availability', interval: '500ms' },
      { name: 'slo-backend-edge-availability-period', interval: '2s' },
    ]);
  });

  it('carry Sloth’s names', () => {
    expect(rules().flatMap(({ record }) => record ?? [])).toEqual([
      'slo:sli_bad:rate5m',
      'slo:sli_total:rate5m',
      'slo:sli_error:ratio_rate5m',
      'slo:sli_error:ratio_rate30m',
      'slo:sli_error:ratio_rate1h',
      'slo:sli_error:ratio_rate6h',
      'slo:objective:ratio',
      'slo:error_budget:ratio',
      'slo:time_period:days',
      'sloth_slo_info',
      'slo:current_burn_rate:ratio',
      'slo:sli_bad:increase2m',
      'slo:sli_total:increase2m',
      'slo:sli_error:ratio_rate2h',
      'slo:sli_error:ratio_rate1d',
      'slo:sli_error:ratio_rate3d',
      'slo:sli_error:ratio_rate30d',
      'slo:period_burn_rate:ratio',
      'slo:period_error_budget_remaining:ratio',
    ]);
  });

  it('keep every name and threshold at every time scale; only ranges shrink', () => {
    const production = rules();
    const drill = rules({ timeScale: 60 });
    const withoutRanges = (list: readonly Rule[]) =>
      list.map(({ for: _, ...rule }) => ({ ...rule, expr: rule.expr.replaceAll(/\[\w+\]|(?<=offset )\w+/g, '…') }));
    expect(withoutRanges(drill)).toEqual(withoutRanges(production));
    const ranges = (list: readonly Rule[]) => list.flatMap(({ expr }) => expr.match(/(?<=\[)\w+(?=\])/) ?? []);
    expect([...new Set(ranges(production))]).toEqual([
      '5m',
      '30m',
      '1h',
      '6h',
      '22h',
      '2m',
      '2h',
      '1d',
      '3d',
      '30d',
      '29d',
    ]);
    expect([...new Set(ranges(drill))]).toEqual([
      '5s',
      '30s',
      '1m',
      '6m',
      '22m',
      '2s',
      '2m',
      '24m',
      '72m',
      '12h',
      '696m',
    ]);
  });
});

describe('the page', () => {
  it('asks both windows of any pair', () => {
    const page = rules().find(({ alert }) => alert !== undefined);
    expect(page?.alert).toBe('EdgeAvailabilityBurnRate');
    expect(page?.expr.match(/ratio_rate\w+|14\.4|\b6\b|\band\b|\bor\b/g)).toEqual([
      'ratio_rate5m',
      '14.4',
      'and',
      'ratio_rate1h',
      '14.4',
      'or',
      'ratio_rate30m',
      '6',
      'and',
      'ratio_rate6h',
      '6',
    ]);
    expect(page?.labels.severity).toBe('page');
  });

  it('links its runbook in the repository, or where the repository is published', () => {
    const url = (list: readonly Rule[]) => list.find(({ alert }) => alert)?.annotations?.runbook_url;
    expect(url(rules())).toBe('docs/runbooks/EdgeAvailabilityBurnRate.md');
    expect(url(rules({ links: { repository: 'https://example.org/repo' } }))).toBe(
      'https://example.org/repo/docs/runbooks/EdgeAvailabilityBurnRate.md',
    );
  });
});

describe('what every SLO is told by', () => {
  const named = (name: string, change: Partial<Slo> = {}) =>
    rules({ slo: { ...slo, ...change } }).find(({ alert }) => alert === name);

  it('an absent SLI pages where the SLO has pages, and else is a ticket', () => {
    expect(named('SliNoData')?.labels.severity).toBe('page');
    expect(named('SliNoData', { tiers: tiers.slice(1) })?.labels.severity).toBe('ticket');
  });

  it('a spent budget waits for a day, or for half of a period that is shorter than two', () => {
    expect(named('ErrorBudgetExhausted')?.expr).toContain('[29d] offset 1d');
    expect(named('ErrorBudgetExhausted', { periodSeconds: 36 * 3600 })?.expr).toContain('[18h] offset 18h');
  });
});

it('a further tier is a further alert with windows of its own', () => {
  const ticket: Tier = { severity: 'ticket', pairs: [{ longSeconds: 86_400, shortSeconds: 7200, budgetShare: 0.1 }] };
  const list = rules({ slo: { ...slo, tiers: [ticket] } });
  const alert = list.find((rule) => rule.alert?.includes('BurnRate'));
  expect(alert).toMatchObject({ alert: 'EdgeAvailabilityBurnRateTicket', labels: { severity: 'ticket' } });
  expect(alert?.expr).toContain('(3 * 0.005)');
  expect(list.map(({ record }) => record)).toEqual(expect.arrayContaining(['slo:sli_error:ratio_rate2h']));
});

function render(change: Partial<Parameters<typeof renderRules>[0]>): string {
  return renderRules({ slo, source: 'slo.yaml', timeScale: 1, evaluationIntervalSeconds: 15, ...change });
}

function rules(change: Partial<Parameters<typeof renderRules>[0]> = {}): readonly Rule[] {
  return parse(render(change)).groups.flatMap(({ rules }: { rules: readonly Rule[] }) => rules);
}
