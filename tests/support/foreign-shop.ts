import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { freePort } from '#runner/preflight.ts';
import { projectFile } from '#runner/project.ts';
import { temporaryDirectory } from './native.ts';
import { toolsFor } from './tools.ts';

export interface ForeignShop extends AsyncDisposable {
  readonly url: string;
  readonly prometheusUrl: string;
}

/** The service of `examples/foreign-service`, with a Prometheus that scrapes it. */
export async function startForeignShop(env: Readonly<Record<string, string>> = {}): Promise<ForeignShop> {
  await using undo = new AsyncDisposableStack();
  const directory = undo.use(await temporaryDirectory());
  const { prometheus } = await toolsFor('prometheus');
  const [port, prometheusPort] = [await freePort(), await freePort()];
  const server = projectFile('examples/foreign-service/server.mjs');
  undo.use(
    ended(spawn(process.execPath, [server], { stdio: 'ignore', env: { ...process.env, PORT: String(port), ...env } })),
  );
  const configFile = join(directory.path, 'prometheus.yml');
  const config = readFileSync(projectFile('examples/foreign-service/prometheus.yml'), 'utf8');
  writeFileSync(configFile, config.replace('127.0.0.1:3000', `127.0.0.1:${port}`));
  const prometheusUrl = `http://127.0.0.1:${prometheusPort}`;
  const args = [
    `--config.file=${configFile}`,
    `--storage.tsdb.path=${directory.path}/data`,
    `--web.listen-address=127.0.0.1:${prometheusPort}`,
  ];
  undo.use(ended(spawn(prometheus, args, { stdio: 'ignore' })));
  const url = `http://127.0.0.1:${port}`;
  const ready = async (address: string) => (await fetch(address).catch(() => undefined))?.ok;
  await expect.poll(() => ready(`${url}/items`), { timeout: 20_000 }).toBe(true);
  await expect.poll(() => ready(`${prometheusUrl}/-/ready`), { timeout: 20_000 }).toBe(true);
  const owned = undo.move();
  return { url, prometheusUrl, [Symbol.asyncDispose]: () => owned.disposeAsync() };
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
