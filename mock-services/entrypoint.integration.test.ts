import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const entrypoint = join(import.meta.dirname, 'entrypoint.sh');

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'firedrill-entrypoint-'));
  // Where there is no BusyBox its applets are this machine's commands of the same name.
  await writeFile(join(directory, 'busybox'), '#!/bin/sh\nexec "$@"\n');
  await chmod(join(directory, 'busybox'), 0o755);
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

describe('what a container of ours starts with', () => {
  it('writes what the service says to standard output and to the file, the last words of a crash included', async () => {
    const { output, end } = start('echo one; echo two >&2; kill -9 $$');
    expect(await end).toEqual({ code: 137, signal: null });
    expect(await output).toBe('one\ntwo\n');
    expect(await readFile(logFile(), 'utf8')).toBe('one\ntwo\n');
  });

  it('goes on with the file of the service that ended before', async () => {
    await start('echo first').end;
    await start('echo second').end;
    expect(await readFile(logFile(), 'utf8')).toBe('first\nsecond\n');
  });

  it('ends with the code of the service, after its orderly end, when it is asked to', async () => {
    const ready = join(directory, 'ready');
    const { child, output, end } = start(
      `trap 'sleep 0.3; echo drained; exit 7' TERM; touch '${ready}'; while :; do sleep 0.05; done`,
    );
    await vi.waitFor(() => stat(ready), { timeout: 5_000 });
    child.kill('SIGTERM');
    expect(await end).toEqual({ code: 7, signal: null });
    expect(await output).toBe('drained\n');
  });

  it('begins the file anew at 10 MB, keeps what it was once, and loses no line', async () => {
    const lines = 120_000;
    const line = 'x'.repeat(93);
    const { end } = start(`seq -f '%06.0f${line}' ${lines}`, 'ignore');
    expect(await end).toEqual({ code: 0, signal: null });
    const [before, now] = await Promise.all([`${logFile()}.1`, logFile()].map((file) => readFile(file, 'utf8')));
    expect(before?.length).toBeGreaterThan(10_000_000);
    expect(before?.length).toBeLessThan(10_001_000);
    expect(`${before}${now}`.trimEnd().split('\n').length).toBe(lines);
  });

  it('leaves the service to itself where no file is named', async () => {
    const { output, end } = start('echo $PPID; exit 3', 'pipe', '');
    expect(await end).toEqual({ code: 3, signal: null });
    expect(await output).toBe(`${process.pid}\n`);
  });
});

function logFile(): string {
  return join(directory, 'service.log');
}

function start(script: string, stdout: 'pipe' | 'ignore' = 'pipe', file = logFile()) {
  const child = spawn(entrypoint, ['sh', '-c', script], {
    stdio: ['ignore', stdout, 'inherit'],
    env: { PATH: `${directory}:${process.env.PATH}`, LOG_FILE: file, LOG_PIPE: join(directory, 'lines') },
  });
  const end = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  return { child, output: child.stdout ? text(child.stdout) : Promise.resolve(''), end };
}
