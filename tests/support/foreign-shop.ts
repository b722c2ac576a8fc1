import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { freePort } from '#runner/preflight.ts';
import { projectFile } from '#runner/project.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { startPrometheus } from './prometheus.ts';

const example = projectFile('examples/foreign-service');

export interface ForeignShop extends AsyncDisposable {
  readonly url: string;
  readonly prometheusUrl: string;
}

/** The service of `examples/foreign-service`, with a Prometheus that scrapes it. */
export async function startForeignShop(env: Readonly<Record<string, string>> = {}): Promise<ForeignShop> {
  await using undo = new AsyncDisposableStack();
  const port = await freePort();
  const server = join(example, 'server.mjs');
  undo.use(
    ended(spawn(process.execPath, [server], { stdio: 'ignore', env: { ...process.env, PORT: String(port), ...env } })),
  );
  const prometheus = undo.use(
    await startPrometheus(atPort(readFileSync(join(example, 'prometheus.yml'), 'utf8'), port)),
  );
  const url = `http://127.0.0.1:${port}`;
  const ready = async () => (await fetch(`${url}/items`).catch(() => undefined))?.ok;
  await expect.poll(ready, { timeout: 20_000 }).toBe(true);
  const owned = undo.move();
  return { url, prometheusUrl: prometheus.url, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

export interface ForeignProject extends AsyncDisposable {
  readonly path: string;
  readonly port: number;
  readonly url: string;
}

/** A copy of the folder, in which the service has a port that is free. */
export async function copyForeignProject(): Promise<ForeignProject> {
  const directory = await temporaryDirectory();
  const port = await freePort();
  for (const name of readdirSync(example)) {
    writeFileSync(join(directory.path, name), atPort(readFileSync(join(example, name), 'utf8'), port));
  }
  return { ...directory, port, url: `http://127.0.0.1:${port}` };
}

function atPort(text: string, port: number): string {
  return text.replaceAll('3000', String(port));
}

function ended(child: ChildProcess): AsyncDisposable {
  return {
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill();
      await once(child, 'exit');
    },
  };
}
