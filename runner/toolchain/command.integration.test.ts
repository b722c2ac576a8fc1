import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { runCommand } from './command.ts';
import { isRunning, temporaryFolder, writeScript } from './testing.ts';

describe('a command', () => {
  it('gives its exit code and its last lines', async () => {
    const result = await runCommand('sh', ['-c', 'seq 1 30; echo bad >&2; exit 3'], { signal: forever() });
    expect(result.exitCode).toBe(3);
    expect(result.lastLines).toContain('bad');
    expect(result.lastLines).toContain('30');
    expect(result.lastLines).toHaveLength(20);
  });

  it('has exit code 127 when there is no such program', async () => {
    expect(await runCommand('no-such-program', [], { signal: forever() })).toMatchObject({ exitCode: 127 });
  });

  it('ends with all its children when the signal aborts', async () => {
    const { script, child } = await parentOfSleeper();
    const control = new AbortController();
    const running = runCommand(script, [], { signal: control.signal });
    const pid = await child();
    control.abort();
    await expect(running).rejects.toThrow('aborted');
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 2000 });
  });

  it('is asked to end before it is killed', async () => {
    const folder = await temporaryFolder();
    const script = await writeScript(
      join(folder, 'polite'),
      'trap "echo asked; exit" TERM; echo ready; sleep 60 & wait',
    );
    const control = new AbortController();
    const lines: string[] = [];
    const onLine = (line: string) => {
      lines.push(line);
      if (line === 'ready') control.abort();
    };
    await expect(runCommand(script, [], { signal: control.signal, onLine })).rejects.toThrow('aborted');
    expect(lines).toEqual(['ready', 'asked']);
  });

  it('ends with all its children when this process is killed', async () => {
    const { script, child } = await parentOfSleeper();
    const code = `
      const { runCommand } = await import(${JSON.stringify(join(import.meta.dirname, 'command.ts'))});
      await runCommand(${JSON.stringify(script)}, [], { signal: new AbortController().signal });`;
    const runner = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' });
    const pid = await child();
    runner.kill('SIGKILL');
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 4000, interval: 100 });
  });
});

/** A script that waits for a child of its own, as a compiler driver does. */
async function parentOfSleeper(): Promise<{ script: string; child: () => Promise<number> }> {
  const folder = await temporaryFolder();
  const pidFile = join(folder, 'pid');
  const script = await writeScript(join(folder, 'parent'), `sleep 60 & echo $! >${pidFile}; wait`);
  const read = async () => {
    const pid = Number(await readFile(pidFile, 'utf8'));
    expect(pid).toBeGreaterThan(0);
    return pid;
  };
  return { script, child: () => vi.waitFor(read, { timeout: 5000 }) };
}

function forever(): AbortSignal {
  return new AbortController().signal;
}
