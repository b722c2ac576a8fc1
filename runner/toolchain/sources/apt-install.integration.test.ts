import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { temporaryFolder, writeScript } from '../testing.ts';

const script = join(import.meta.dirname, 'apt-install.sh');

describe('an installation of Debian packages', () => {
  it('forbids services to start while it runs, and only then', async () => {
    const { install, log, folder } = await machine({ 'apt-get': '"$FIREDRILL_POLICY"; echo policy $? >>$LOG' });
    expect(await install('nginx')).toBe(0);
    expect(await log()).toEqual(['policy 101']);
    expect(await readdir(folder)).not.toContain('policy-rc.d');
  });

  it('puts the policy of the machine back, also when apt-get fails', async () => {
    const { install, folder } = await machine({ 'apt-get': 'exit 100' });
    const policy = await writeScript(join(folder, 'policy-rc.d'), 'exit 42');
    expect(await install('nginx')).not.toBe(0);
    expect(await readFile(policy, 'utf8')).toBe('#!/bin/sh\nexit 42\n');
    expect(await readdir(folder)).not.toContain('policy-rc.d.before-firedrill');
  });

  it('takes the first package that exists', async () => {
    const { install, log } = await machine({
      'apt-get': 'for name; do :; done; echo $name >>$LOG',
      'apt-cache': '[ "$2" = redis-server ]',
    });
    expect(await install('valkey-server', 'redis-server')).toBe(0);
    expect(await log()).toEqual(['redis-server']);
  });

  it('updates the package lists once when nothing is found in them', async () => {
    const { install, log } = await machine({
      'apt-get': 'echo $1 >>$LOG',
      'apt-cache': 'grep -q update $LOG',
    });
    expect(await install('nginx')).toBe(0);
    expect(await log()).toEqual(['update', 'install']);
  });

  it('leaves a policy that forbids nothing when it is killed', async () => {
    const { install, folder } = await machine({ 'apt-get': 'kill -9 $PPID' });
    await expect(install('nginx')).resolves.not.toBe(0);
    const policy = join(folder, 'policy-rc.d');
    await expect(promisify(execFile)(policy)).rejects.toMatchObject({ code: 104 });

    await writeScript(join(folder, 'apt-get'), 'exit 0');
    expect(await install('nginx')).toBe(0);
    expect(await readdir(folder)).not.toContain('policy-rc.d');
  });
});

/** A machine whose apt is these scripts. */
async function machine(commands: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder();
  for (const [name, body] of Object.entries({ 'apt-cache': 'exit 0', ...commands })) {
    await writeScript(join(folder, name), body);
  }
  const logFile = join(folder, 'log');
  await writeFile(logFile, '');
  const env = {
    PATH: `${folder}:/usr/bin:/bin`,
    LOG: logFile,
    FIREDRILL_POLICY: join(folder, 'policy-rc.d'),
  };
  return {
    folder,
    log: async () => (await readFile(logFile, 'utf8')).trim().split('\n'),
    install: (...names: readonly string[]): Promise<number> =>
      promisify(execFile)('sh', [script, ...names], { env }).then(
        () => 0,
        ({ code, signal }) => code ?? signal,
      ),
  };
}
