import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { freePort } from '#runner/preflight.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { toolsFor } from './tools.ts';

export interface StartedPrometheus extends AsyncDisposable {
  readonly url: string;
}

/** One of its own, beside that of a stack. */
export async function startPrometheus(config: string): Promise<StartedPrometheus> {
  await using undo = new AsyncDisposableStack();
  const directory = undo.use(await temporaryDirectory());
  const { prometheus } = await toolsFor('prometheus');
  const configFile = join(directory.path, 'prometheus.yml');
  writeFileSync(configFile, config);
  const listen = `127.0.0.1:${await freePort()}`;
  const data = join(directory.path, 'data');
  const args = [`--config.file=${configFile}`, `--storage.tsdb.path=${data}`, `--web.listen-address=${listen}`];
  const child = spawn(prometheus, args, { stdio: 'ignore' });
  const ended = once(child, 'exit');
  undo.defer(async () => {
    child.kill();
    await ended;
  });
  const url = `http://${listen}`;
  const ready = async () => (await fetch(`${url}/-/ready`).catch(() => undefined))?.ok;
  await expect.poll(ready, { timeout: 20_000 }).toBe(true);
  const owned = undo.move();
  return { url, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
