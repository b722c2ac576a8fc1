import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { projectFile } from './project.ts';

it('a command whose reader leaves ends without a complaint', async () => {
  await using directory = await temporaryDirectory();
  mkdirSync(join(directory.path, 'logs'));
  writeFileSync(join(directory.path, 'logs', 'nginx.log'), 'a line\n'.repeat(100_000));
  const args = [projectFile('runner/cli.ts'), 'logs', 'nginx', '--follow', '--state-directory', directory.path];
  const { stdout, stderr } = await execa('sh', ['-c', '"$0" "$@" | head -1', process.execPath, ...args], {
    timeout: 20_000,
  });
  expect({ stdout, stderr }).toEqual({ stdout: 'a line', stderr: '' });
});
