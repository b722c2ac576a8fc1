import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { upState } from '#runner/state.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { behavesLikeAStack } from '#tests/conformance/conformance.ts';
import { firedrill } from '#tests/support/firedrill.ts';
import { playDrill } from '#tests/support/played-drill.ts';
import { engineObstacle } from '../engine/test-engine.ts';
import { composeUnderTest } from './compose-under-test.ts';

describe.skipIf((await engineObstacle()) !== undefined)('a stack of containers', () => {
  behavesLikeAStack(composeUnderTest());

  it('is what is started where an engine answers and nothing else is asked for, and sees the kernel end a replica', async () => {
    await using directory = await temporaryDirectory();
    const { exitCode } = await up(directory.path);
    expect(exitCode).toBe(0);
    const { containers, options } = upState(directory.path);
    expect(containers).toBeDefined();
    // Each holds 64 MB for 10 s, in a container of 256 MB.
    const memory = `http://127.0.0.1:${options.ports.replicas[0]?.http}/api/backend/error/memory`;
    await Promise.allSettled(Array.from({ length: 5 }, () => fetch(memory)));
    const told = 'backend-1 ended unexpectedly (SIGKILL at its memory limit) and is started again';
    await expect.poll(() => readFileSync(join(directory.path, 'up.log'), 'utf8'), soon).toContain(told);
    const status = async () => (await firedrill(['status', '--state-directory', directory.path])).stdout;
    await expect.poll(status, soon).toMatch(/backend-1 .* running +- +2 /);
    await firedrill(['down', '--state-directory', directory.path]);
  });

  it('pages somebody who plays, who restarts the replica, says what it was and has won', async () => {
    const alert = 'EdgeAvailabilityBurnRate';
    await using played = await playDrill({ mode: 'blind', runtime: 'compose' });
    await played.until(`page: ${alert}`);
    expect(await played.say('ack', alert)).toContain('Acknowledged by');
    expect(await played.say('restart', 'backend-2')).toContain('Restarted: backend-2.');
    await played.say('answer', '--component', 'backend-2', '--cause', 'failing-replica');
    const { exitCode, all } = await played.over();
    expect(all).toMatch(/ {2}WON {2}\d+ points/);
    expect(exitCode).toBe(0);
    const { findings, times } = played.verdict();
    expect(findings.filter(({ held }) => !held)).toEqual([]);
    expect(Object.keys(times)).toEqual(['detect', 'acknowledge', 'mitigate', 'recover']);
  });

  it('gives way to child processes where no engine answers, in so many words', async () => {
    await using directory = await temporaryDirectory();
    const { exitCode } = await up(directory.path, [], noEngine);
    expect(exitCode).toBe(0);
    expect(upState(directory.path).containers).toBeUndefined();
    expect(readFileSync(join(directory.path, 'up.log'), 'utf8')).toMatch(
      /Starting as child processes, not as containers: Cannot connect to the Docker daemon/,
    );
    await firedrill(['down', '--state-directory', directory.path]);
  });

  it('is an error where no engine answers and it was asked for', async () => {
    await using directory = await temporaryDirectory();
    const { exitCode, all } = await up(directory.path, ['--runtime', 'compose'], noEngine);
    expect(all).toContain('Cannot connect to the Docker daemon');
    expect(exitCode).toBe(3);
  });
});

const soon = { timeout: 90_000, interval: 500 };
const noEngine = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };

function up(directory: string, options: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  return firedrill(['up', '--detach', '--free-ports', '--state-directory', directory, ...options], env);
}
