import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EdgeLogLine } from '#catalog/signals.ts';
import { type NginxParams, renderNginx } from '#nginx/render.ts';
import { launch } from '#runner/process.ts';
import { httpReady, untilReady } from '#runner/ready.ts';

export interface StartedNginx extends AsyncDisposable {
  readonly url: string;
  readonly statusUrl: string;
  readonly accessLog: string;
  /** Every request answered so far. */
  logLines(): Promise<readonly EdgeLogLine[]>;
  errorLog(): Promise<string>;
}

/** A real nginx of its own on the given addresses, in a folder that goes with it. */
export async function startNginx(binary: string, params: NginxParams): Promise<StartedNginx> {
  const directory = await mkdtemp(join(tmpdir(), 'firedrill-nginx-'));
  await mkdir(join(directory, 'logs'));
  await writeFile(join(directory, 'nginx.conf'), renderNginx(params));
  const logFile = join(directory, 'nginx.log');
  const process = await launch({
    name: 'nginx',
    file: binary,
    args: ['-p', directory, '-e', 'stderr', '-c', 'nginx.conf', '-g', 'daemon off;'],
    cwd: directory,
    logFile,
    parentDeathSignal: 'SIGTERM',
  });
  const statusUrl = `http://127.0.0.1:${params.status.port}`;
  await untilReady(httpReady(`${statusUrl}/nginx-health`), {
    name: 'nginx',
    process,
    logFile,
    timeoutSeconds: 10,
    signal: AbortSignal.timeout(10_000),
  });
  const accessLog = join(directory, 'logs', 'access.log');
  return {
    url: `http://127.0.0.1:${params.listen.port}`,
    statusUrl,
    accessLog,
    async logLines() {
      // A line is written just after its answer was sent: a worker that answers this has written them all.
      await fetch(`${statusUrl}/nginx-health`);
      const text = await readFile(accessLog, 'utf8');
      return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as EdgeLogLine]));
    },
    errorLog: () => readFile(logFile, 'utf8'),
    async [Symbol.asyncDispose]() {
      await process.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
