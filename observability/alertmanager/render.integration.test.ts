import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { slosOfStack } from '#runner/rules.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { toolsFor } from '#tests/support/tools.ts';
import { renderAlertmanager } from './render.ts';

it('amtool takes the configuration of this stack', async () => {
  const { amtool } = await toolsFor('amtool');
  await using directory = await temporaryDirectory();
  const config = join(directory.path, 'alertmanager.yaml');
  const slos = await slosOfStack();
  await writeFile(config, renderAlertmanager({ webhookUrl: 'http://127.0.0.1/', timeScale: 1, slos }));
  const { stdout } = await execa(amtool, ['check-config', config]);
  expect(stdout).toContain('SUCCESS');
});
