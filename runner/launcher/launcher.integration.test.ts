import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

/** Stands for `npm ci`: counts its runs, takes a moment, installs one file. */
const workingNpm = `
echo run >>"$LOG"
sleep 0.3
mkdir -p node_modules && cp package.json node_modules/installed`;

describe('the launcher', () => {
  it('installs the dependencies once, and again when the lock file changes', async () => {
    const project = await checkout();
    await project.launch();
    await project.launch();
    expect(await project.installations()).toBe(1);
    await writeFile(join(project.root, 'package-lock.json'), '{ "changed": true }');
    expect((await project.launch()).output).toContain('Installed npm dependencies in');
    expect(await project.installations()).toBe(2);
  });

  it('installs once when two start together', async () => {
    const project = await checkout();
    const results = await Promise.all([project.launch(), project.launch()]);
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    expect(await project.installations()).toBe(1);
  });

  it('leaves what is installed alone when an installation is killed, and does it again', async () => {
    const project = await checkout();
    await project.launch();
    await writeFile(join(project.root, 'package.json'), '{ "name": "changed" }');
    const running = project.start();
    await vi.waitFor(async () => expect(await project.installations()).toBe(2));
    running.kill('SIGKILL');
    await ended(running);
    expect(await readFile(join(project.root, 'node_modules', 'installed'), 'utf8')).toBe('{}');
    expect((await project.launch()).code).toBe(0);
    expect(await readFile(join(project.root, 'node_modules', 'installed'), 'utf8')).toBe('{ "name": "changed" }');
    expect(await readdir(join(project.root, '.firedrill'))).toEqual([]);
  });

  it('shows the last lines of npm when it fails', async () => {
    const project = await checkout({ npm: 'echo "npm error ETARGET" >&2; exit 1' });
    const { code, output } = await project.launch();
    expect(code).toBe(3);
    expect(output).toContain('npm could not install the dependencies. Its last lines:\n  npm error ETARGET');
  });

  it('says what is missing without npm', async () => {
    const project = await checkout({ npm: null });
    const { code, output } = await project.launch();
    expect(code).toBe(3);
    expect(output).toMatch(/npm is not on PATH: install Node\.js/);
  });

  it('passes arguments and the exit code on, and tells the CLI its own process id', async () => {
    const project = await checkout({ cli: 'console.log(JSON.stringify(process.argv.slice(2))); process.exit(42);' });
    expect(await project.launch('drill', 'two words')).toMatchObject({
      code: 42,
      output: expect.stringContaining('["drill","two words"]'),
    });
    const told = await checkout({ cli: 'console.log(process.env.FIREDRILL_LAUNCHER_PID === String(process.ppid));' });
    expect((await told.launch()).output).toContain('true');
  });

  it('ends by the signal that ended the CLI', async () => {
    const project = await checkout({ cli: 'process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000);' });
    expect(await project.launch()).toMatchObject({ code: null, signal: 'SIGTERM' });
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'passes %s on once, also when its whole group gets it',
    async (signal) => {
      const project = await checkout({ cli: countsSignals });
      const running = project.start();
      await vi.waitFor(() => expect(running.output()).toContain('ready'), { timeout: 5000 });
      running.kill(signal);
      await delay(50);
      process.kill(-(running.pid as number), signal);
      expect(await ended(running)).toMatchObject({ code: 7 });
      expect(running.output().match(/SIG\w+/g)).toEqual([signal]);
    },
  );
});

it('ends the CLI when npm was ended, whose shell passes no signal on', async () => {
  const project = await checkout({ cli: countsSignals });
  const shell = project.startAsNpmDoes();
  await vi.waitFor(() => expect(shell.output()).toContain('ready'), { timeout: 5000 });
  shell.kill('SIGTERM');
  await ended(shell);
  expect(shell.output().match(/SIG\w+/g)).toEqual(['SIGTERM']);
});

const countsSignals = `
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    console.log(signal);
    setTimeout(() => process.exit(7), 400);
  });
}
console.log('ready');
setInterval(() => {}, 1000);`;

/** A checkout with the real launcher and a stand-in for npm and the CLI. */
async function checkout({ npm = workingNpm, cli = '' }: { npm?: string | null; cli?: string } = {}) {
  const root = await mkdtemp(join(tmpdir(), 'firedrill-test-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await cp(import.meta.dirname, join(root, 'runner', 'launcher'), { recursive: true });
  await symlink('runner/launcher/main.cjs', join(root, 'firedrill'));
  await writeFile(join(root, 'package.json'), '{}');
  await writeFile(join(root, 'package-lock.json'), '{}');
  await writeFile(join(root, 'runner', 'cli.ts'), cli);
  await mkdir(join(root, 'bin'));
  await linkCommands(join(root, 'bin'));
  const log = join(root, 'bin', 'log');
  await writeFile(log, '');
  if (npm !== null) {
    await writeFile(join(root, 'bin', 'npm'), `#!/bin/sh\n${npm}\n`);
    await chmod(join(root, 'bin', 'npm'), 0o755);
  }
  const run = (file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const child = spawn(file, args, {
      env: { PATH: join(root, 'bin'), LOG: log, ...env },
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data));
    return Object.assign(child, { output: () => output });
  };
  const start = (...args: readonly string[]) => run(process.execPath, [join(root, 'firedrill'), ...args]);
  return {
    root,
    start,
    startAsNpmDoes: () =>
      run('/bin/sh', ['-c', '"$0" firedrill; exit', process.execPath], { npm_lifecycle_event: 'drill' }),
    launch: async (...args: readonly string[]) => {
      const child = start(...args);
      return { ...(await ended(child)), output: child.output() };
    },
    installations: async () => (await readFile(log, 'utf8')).split('\n').length - 1,
  };
}

/** A PATH with these and nothing else: no npm of the machine. */
async function linkCommands(folder: string): Promise<void> {
  for (const command of ['sh', 'sleep', 'mkdir', 'cp']) {
    await symlink(join('/bin', command), join(folder, command));
  }
}

function ended(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
}
