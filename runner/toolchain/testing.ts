import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { identify } from '../process-identity.ts';
import type { SourceContext } from './source.ts';

/** A folder that goes with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'firedrill-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An empty cache for this test. */
export async function emptyCache(): Promise<string> {
  const folder = await temporaryFolder();
  vi.stubEnv('XDG_CACHE_HOME', folder);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  return join(folder, 'firedrill');
}

export async function writeScript(path: string, body: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

export function quiet(signal: AbortSignal = new AbortController().signal): SourceContext {
  return { signal, report: () => {}, note: () => {}, install: false };
}

/** False also for a zombie: it has ended, only its parent has not asked yet. */
export function isRunning(pid: number): boolean {
  return identify(pid) !== undefined;
}
