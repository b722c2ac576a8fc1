import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { severities } from '#catalog/alerting.ts';
import { dashboards } from '#catalog/dashboards.ts';
import { assignPorts } from '#catalog/ports.ts';
import { alertName } from '#observability/rules/alert-rules.ts';
import { burnRateFactor, errorBudget } from '#observability/rules/burn-rate.ts';
import { pairName } from '#observability/rules/window.ts';
import { projectFile, projectRoot } from '#runner/project.ts';
import { slosOfStack } from '#runner/rules.ts';
import { firedrill } from '#tests/support/firedrill.ts';
import { blocksOf, onStack, type Runbook, readRunbooks, runbookIndex } from '#tests/support/runbooks.ts';

interface Alert {
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const runbooks = readRunbooks();
const index = readFileSync(projectFile(runbookIndex), 'utf8');
const alerts = committedAlerts();

const sections = ['Meaning', 'Impact', 'First three looks', 'Likely causes', 'Mitigations', 'When to escalate'];

describe('the runbooks', () => {
  it('are there for every alert, and for nothing else', () => {
    expect([...new Set(alerts.map(runbookOf))].sort()).toEqual(runbooks.map(({ path }) => path));
  });

  it.each(runbooks)('$name says of which severity and team its alerts are', (runbook) => {
    expect(headOf(runbook).who).toBe(whoOf(alertsOf(runbook)));
  });

  it.each(runbooks)('$name has the sections in order, and one on the ticket where a budget burns', ({ name, text }) => {
    const titles = [...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    expect(titles).toEqual(name.endsWith('BurnRate') ? [...sections, 'The ticket'] : sections);
    expect(text).toMatch(new RegExp(`^# ${name}\n`));
  });

  it.each(runbooks)('$name has three first looks, each to be carried out as it stands', ({ path, text }) => {
    const looks = sectionOf(text, 'First three looks')
      .split(/^\d\. \*\*/m)
      .slice(1);
    expect(looks).toHaveLength(3);
    for (const look of looks) expect(blocksOf({ path, text: look })).not.toEqual([]);
  });

  it.each(runbooks)('$name leads to the dashboard its alerts lead to, and to none that is not there', (runbook) => {
    const linked = [...runbook.text.matchAll(/127\.0\.0\.1:3000\/d\/([\w-]+)/g)].map(([, uid]) => uid);
    for (const { annotations } of alertsOf(runbook)) {
      expect(linked).toContain(/\/d\/([\w-]+)/.exec(annotations.dashboard_url ?? '')?.[1]);
    }
    const known = Object.values<string>(dashboards);
    expect(linked.filter((uid) => !known.includes(uid ?? ''))).toEqual([]);
  });

  it('on budgets say from which share of bad events on their alerts fire', async () => {
    for (const { name, periodSeconds, target, tiers } of await slosOfStack()) {
      const runbook = runbooks.find((each) => each.name === alertName({ name }, 'page'));
      const text = runbook?.text.replaceAll(/\s+/g, ' ');
      for (const pair of tiers.flatMap(({ pairs }) => pairs)) {
        const share = 100 * burnRateFactor(pair, periodSeconds) * errorBudget(target);
        expect(text, `${name}, ${pairName(pair)}`).toMatch(new RegExp(`(?<![\\d.])${Number(share.toFixed(3))} %`));
      }
    }
  });

  it('fence nothing that would not be tried', () => {
    for (const { path, text } of [...runbooks, { path: runbookIndex, text: index }]) {
      expect([path, (text.match(/^ *```\w/gm) ?? []).length]).toEqual([path, blocksOf({ path, text }).length]);
    }
  });

  it('name only commands that the CLI has', async () => {
    const { stdout } = await firedrill(['--help']);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
    const named = [index, ...runbooks.map(({ text }) => text)].flatMap((text) =>
      [...text.matchAll(/\.\/firedrill (\w+)/g)].map(([, name]) => name),
    );
    expect([...new Set(named)].filter((name) => !commands.includes(name))).toEqual([]);
  });

  it('lead to sections that are there', () => {
    const anchors = new Set(
      [...runbooks, { path: runbookIndex, text: index }].flatMap(({ path, text }) =>
        [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => `${path}#${anchorOf(title)}`),
      ),
    );
    const linked = [...runbooks.map(({ text }) => text), index].flatMap((text) =>
      [...text.matchAll(/\]\((\w+\.md#[^)]+)\)/g)].map(([, target]) => `docs/runbooks/${target}`),
    );
    expect(linked.filter((target) => !anchors.has(target))).toEqual([]);
  });
});

describe('the index of the runbooks', () => {
  it('has a row for each: its severities, its team and its first sentence', () => {
    const rows = [...index.matchAll(/^\| \[(\w+)\]\(\1\.md\) \| (.+?) \| (.+?) \| (.+?) \|$/gm)];
    expect(rows.map(([, name, severity, team, what]) => ({ name, who: `${severity} · ${team}`, what }))).toEqual(
      runbooks.map((runbook) => ({ name: runbook.name, ...headOf(runbook) })),
    );
  });
});

describe('a command of a runbook', () => {
  const ports = assignPorts(2, (port) => port + 20_000);
  const map = (command: string) => onStack(command, { ports, directory: '/tmp/stack', cli: 'cli' });

  it.each([
    ['curl http://127.0.0.1:9090/-/ready', 'curl http://127.0.0.1:29090/-/ready'],
    ['for port in 4001 4002; do', 'for port in 24001 24002; do'],
    ['tail .firedrill/run/nginx/logs/access.log', 'tail /tmp/stack/run/nginx/logs/access.log'],
    ['./firedrill status | tail', 'cli status --state-directory /tmp/stack | tail'],
    ['"$(./firedrill token --role admin)"', '"$(cli token --state-directory /tmp/stack --role admin)"'],
    ['./firedrill slo explain observability/slos/x.yaml', 'cli slo explain observability/slos/x.yaml'],
    ['head -n 20 | limit=1000 && echo 127.0.0.1:19090', 'head -n 20 | limit=1000 && echo 127.0.0.1:19090'],
  ])('%s becomes %s', (command, mapped) => {
    expect(map(command)).toBe(mapped);
  });
});

function committedAlerts(): readonly Alert[] {
  const files = globSync('observability/rules/generated/*.yaml', { cwd: projectRoot });
  const rules = files.flatMap((file) => {
    const { groups } = parse(readFileSync(projectFile(file), 'utf8')) as { groups: { rules: Partial<Alert>[] }[] };
    return groups.flatMap((group) => group.rules);
  });
  return rules.filter((rule): rule is Alert => rule.alert !== undefined);
}

const runbookOf = ({ annotations }: Alert): string => annotations.runbook_url ?? '';

function alertsOf({ path }: Runbook): readonly Alert[] {
  return alerts.filter((alert) => runbookOf(alert) === path);
}

/** Severities, most urgent first, and teams, as a runbook begins with them. */
function whoOf(some: readonly Alert[]): string {
  const found = new Set(some.map(({ labels }) => labels.severity));
  const teams = [...new Set(some.map(({ labels }) => labels.team))].sort();
  return `${severities.filter((severity) => found.has(severity)).join(', ')} · ${teams.join(', ')}`;
}

/** The line below the title: `**severities · team.** What is wrong.` */
function headOf({ text }: Runbook): { readonly who: string | undefined; readonly what: string | undefined } {
  const [, who, what] = /^\*\*(.+?)\.\*\* (.+?\.)(?: .*)?$/m.exec(text) ?? [];
  return { who, what };
}

function sectionOf(text: string, title: string): string {
  return text.split(/^## /m).find((section) => section.startsWith(`${title}\n`)) ?? '';
}

/** As GitHub makes one of a heading. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');
}
