import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { channelOf, type Severity } from '#catalog/alerting.ts';
import { rulesOfStack, slosOfStack } from '#runner/rules.ts';
import type { Tools } from '#runner/toolchain/toolchain.ts';
import { toolsFor } from '#tests/support/tools.ts';
import { renderAlertmanager } from './render.ts';

const run = promisify(execFile);

let tools: Tools;
let directory: string;
let config: string;

beforeAll(async () => {
  tools = await toolsFor('amtool');
  directory = await mkdtemp(join(tmpdir(), 'firedrill-routes-'));
  config = join(directory, 'alertmanager.yaml');
  await writeFile(
    config,
    renderAlertmanager({ webhookUrl: 'http://127.0.0.1/', timeScale: 1, slos: await slosOfStack() }),
  );
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

it('amtool takes the configuration of this stack', async () => {
  const { stdout } = await run(tools.amtool, ['check-config', config]);
  expect(stdout).toContain('SUCCESS');
});

describe('an alert goes to one receiver, by severity and team', () => {
  const channels = [
    ['page', 'pager'],
    ['critical', 'pager'],
    ['ticket', 'tickets'],
    ['warning', 'tickets'],
    ['info', 'log'],
    ['sev1', 'tickets'],
    ['pages', 'tickets'],
    [undefined, 'tickets'],
  ] as const;
  const owners = [
    ['backend', 'backend'],
    ['platform', 'platform'],
    ['payments', 'platform'],
    [undefined, 'platform'],
  ] as const;
  const rows = channels.flatMap(([severity, channel]) =>
    owners.map(([team, owner]) => ({
      severity,
      team,
      receiver: channel === 'log' ? 'log' : `${channel}-${owner}`,
    })),
  );

  it.each(rows)('severity $severity, team $team: $receiver', async ({ receiver, ...labels }) => {
    expect(await receiverOf({ alertname: 'Some', ...labels })).toBe(receiver);
    expect(await receiverOf({ alertname: 'SliNoData', ...labels })).toBe(receiver);
  });
});

describe('every alert of this stack wakes, asks or informs the team it names', async () => {
  const alerts = (await rulesOfStack(1)).flatMap(({ content }) =>
    (parse(content) as RuleFile).groups.flatMap(({ rules }) =>
      rules.flatMap(({ alert, labels }) => (alert === undefined ? [] : [{ alertname: alert, ...labels }])),
    ),
  );

  it.each(alerts)('$alertname $sloth_slo', async (labels) => {
    const channel = channelOf[labels.severity];
    expect(await receiverOf(labels)).toBe(channel === 'log' ? 'log' : `${channel}-${labels.team}`);
  });
});

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly { readonly alert?: string; readonly labels: AlertLabels }[] }[];
}

type AlertLabels = Readonly<Record<string, string>> & { readonly severity: Severity; readonly team: string };

async function receiverOf(labels: Readonly<Record<string, string | undefined>>): Promise<string> {
  const given = Object.entries(labels).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  const { stdout } = await run(tools.amtool, ['config', 'routes', 'test', `--config.file=${config}`, ...given]);
  return stdout.trim();
}
