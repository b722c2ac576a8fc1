import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { firedrill } from '#tests/support/firedrill.ts';
import { processesOf } from '#tests/support/leftovers.ts';

const kills = Number(process.env.FIREDRILL_KILLS ?? 6);
/** Longer than a start takes, so that kills hit every phase of it and the running stack. */
const longestWaitMs = 6000;

/** What the operating system and PostgreSQL's own children may take to end after their parent. */
const goneWithinMs = 5000;

it(`leaves no process behind when the runner is killed with -9 at any moment, and starts again (${kills} times)`, async () => {
  await using directory = await temporaryDirectory();
  for (let kill = 0; kill < kills; kill += 1) {
    const marker = `FIREDRILL_TEST=${randomUUID()}`;
    const [name, value] = marker.split('=') as [string, string];
    const waitMs = Math.round((longestWaitMs * (kill + Math.random())) / kills);
    const runner = firedrill(upArguments(directory.path), { [name]: value });
    // Every third one is killed while it is up, which shows that the start after a kill works.
    if (kill % 3 === 2) await expect.poll(() => status(directory.path), { timeout: 60_000, interval: 500 }).toBe('up');
    else await delay(waitMs);
    runner.kill('SIGKILL');
    await runner;
    await expect
      .poll(() => processesOf(directory.path, marker), { timeout: goneWithinMs, message: `killed after ${waitMs} ms` })
      .toEqual([]);
  }

  const up = firedrill(upArguments(directory.path));
  await expect.poll(() => status(directory.path), { timeout: 60_000, interval: 500 }).toBe('up');
  const down = await firedrill(['down', '--state-directory', directory.path]);
  expect(down.all).toContain('Down.');
  expect((await up).exitCode).toBe(0);
  expect(processesOf(directory.path, directory.path)).toEqual([]);
});

function upArguments(directory: string): string[] {
  return ['up', '--runtime', 'native', '--free-ports', '--profile', 'steady', '--state-directory', directory];
}

async function status(directory: string): Promise<string> {
  const { exitCode, stdout } = await firedrill(['status', '--json', '--state-directory', directory]);
  return exitCode === 0 ? JSON.parse(stdout).phase : 'not up';
}
