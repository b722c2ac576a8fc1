import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { teams } from '#catalog/alerting.ts';
import { dashboards } from '#catalog/dashboards.ts';
import { defaultDrillTimeScale } from '#catalog/time-scale.ts';
import { generatedAlerts } from '#observability/alerts/generated-files.ts';
import { projectFile } from '#runner/project.ts';
import { toolsFor } from '#tests/support/tools.ts';
import { generatedRules } from './generated-files.ts';
import { lintOwnSlo } from './own-lint.ts';
import { parseOpenSlo } from './parse.ts';

const run = promisify(execFile);

let promtool: string;
let slos: readonly { readonly path: string; readonly text: string }[];

beforeAll(async () => {
  ({ promtool } = await toolsFor('promtool'));
  slos = await Promise.all(
    (await filesIn('observability/slos')).map(async (path) => ({ path, text: await content(path) })),
  );
});

it('the committed rules are what the SLOs and the alerts give', async () => {
  const generated = [...generatedRules(slos), ...generatedAlerts()];
  expect(await filesIn('observability/rules/generated')).toEqual(generated.map(({ path }) => path).sort());
  for (const file of generated) expect(await content(file.path)).toBe(file.content);
});

it('every SLO is sound, in production and in drills', () => {
  const exists = (file: string) => existsSync(projectFile(file));
  for (const source of parseOpenSlo(slos)) {
    for (const timeScale of [1, defaultDrillTimeScale])
      expect(lintOwnSlo({ ...source, timeScale, exists })).toEqual([]);
  }
});

it('every SLO names a dashboard and a team that there are', () => {
  for (const { slo } of parseOpenSlo(slos)) {
    expect(Object.values(dashboards)).toContain(slo.dashboard);
    expect(teams).toContain(slo.team);
  }
});

it('promtool finds nothing to object to', async () => {
  const files = (await filesIn('observability/rules/generated')).map(projectFile);
  await run(promtool, ['check', 'rules', '--lint=all', '--lint-fatal', ...files]);
});

async function filesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(projectFile(folder))).sort().map((name) => `${folder}/${name}`);
}

async function content(path: string): Promise<string> {
  return await readFile(projectFile(path), 'utf8');
}
