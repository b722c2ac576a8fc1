import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { generatorIn, stall } from '#tests/support/stall.ts';
import { toolsFor } from '#tests/support/tools.ts';
import { type LoadRun, type LoadRunOrder, runLoad } from './run.ts';
import { startRecorder } from './testing/recorder.ts';

const { k6 } = await toolsFor('k6');

describe.concurrent('a load', () => {
  it('asks the same in every run of a seed, and something else with another one', async ({ expect }) => {
    const [first, again, other] = await Promise.all(['a', 'a', 'b'].map((seed) => requestsOf({ seed })));
    const [fewer = [], more = []] = [first ?? [], again ?? []].sort((one, two) => one.length - two.length);
    expect(fewer.length).toBeGreaterThan(30);
    expect(without(fewer, more)).toEqual([]);
    expect(without(other ?? [], more).length).toBeGreaterThan(10);
  });

  it('is void where no answer is what was asked for, and nobody is signed in unasked', async ({ expect }) => {
    await using recorder = await startRecorder();
    const { run, directory } = await load({ targetUrl: recorder.url });
    await using _ = directory;
    expect(run.outcome).toBe('void');
    expect(run.summary.checks.flatMap(({ passed }) => passed)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(run.summary.requests).toBe(recorder.asked.length);
    expect(recorder.authorizations).toEqual([]);
    expect(JSON.parse(readFileSync(join(directory.path, 'summary.json'), 'utf8'))).toMatchObject({
      asked: { scenario: 'read-heavy', seed: 'firedrill', requests: 40 },
      outcome: 'void',
    });
    expect(existsSync(join(directory.path, 'report.html'))).toBe(true);
  });

  it('looks at bodies, too: a status alone is no answer', async ({ expect }) => {
    await using recorder = await startRecorder(200);
    const { run, directory } = await load({ targetUrl: recorder.url });
    await using _ = directory;
    const [bodies, statuses] = [true, false].map((ofBody) =>
      run.summary.checks.filter(({ name }) => name.endsWith('the right body') === ofBody),
    );
    expect(bodies?.map(({ passed }) => passed)).toEqual([0, 0, 0, 0]);
    expect(statuses?.map(({ failed }) => failed)).toEqual([0, 0, 0, 0]);
  });

  it('misses objectives where the service fails, signed in every second time', async ({ expect }) => {
    await using recorder = await startRecorder(500);
    const { run, directory } = await load({ targetUrl: recorder.url, token: 'of-a-user' });
    await using _ = directory;
    expect(run.outcome).toBe('crossed');
    expect(run.summary.objectives).toMatchObject([
      { name: 'edge-availability', bad: recorder.asked.length, total: recorder.asked.length },
      { name: 'edge-latency', bad: 0, total: recorder.asked.length },
      { name: 'write-availability', bad: 0, total: 0 },
    ]);
    const share = recorder.authorizations.length / recorder.asked.length;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.8);
  });

  it('that is interrupted says what was seen until then', async ({ expect }) => {
    await using recorder = await startRecorder();
    const interrupted = new AbortController();
    const running = load({ targetUrl: recorder.url, durationSeconds: 600 }, interrupted.signal);
    await expect.poll(() => recorder.asked.length, { timeout: 20_000 }).toBeGreaterThan(5);
    interrupted.abort();
    const { run, directory } = await running;
    await using _ = directory;
    expect(run.outcome).toBe('interrupted');
    // Who is on the way then is not counted.
    expect(run.summary.requests).toBeGreaterThan(0);
    expect(run.summary.requests).toBeLessThanOrEqual(recorder.asked.length);
  });

  it('whose generator stands still for a while says how late it was', async ({ expect }) => {
    await using recorder = await startRecorder(200);
    await using directory = await temporaryDirectory();
    const order = { targetUrl: recorder.url, scenario: 'paths', paths: ['/'], durationSeconds: 5 } as const;
    const running = load(order, undefined, directory);
    await expect.poll(() => recorder.asked.length, { timeout: 20_000 }).toBeGreaterThan(5);
    await stall(generatorIn(directory.path), 1.5);
    const {
      run: { summary, warnings },
    } = await running;
    expect(summary.iterations).toBe(recorder.asked.length);
    // Those of the first second of three halves.
    expect(summary.lateIterations).toBeGreaterThan(15);
    expect(summary.lateIterations).toBeLessThan(summary.iterations / 2);
    expect(summary.latestSeconds).toBeGreaterThan(1.3);
    expect(warnings).toEqual([expect.stringMatching(/^The load was not offered in time: /)]);
  });

  it('whose generator stands still for good is ended, and a failure of the harness', async ({ expect }) => {
    await using recorder = await startRecorder(200);
    await using directory = await temporaryDirectory();
    const order = { targetUrl: recorder.url, scenario: 'paths', paths: ['/'], durationSeconds: 5 } as const;
    const running = load(order, undefined, directory);
    await expect.poll(() => recorder.asked.length, { timeout: 20_000 }).toBeGreaterThan(25);
    process.kill(generatorIn(directory.path), 'SIGSTOP');
    await expect(running).rejects.toMatchObject({
      code: 'SERVICE_FAILED',
      message: 'The load generator has told nothing for 20 s, and was ended.',
    });
  });

  it('whose generator fails is a failure of the harness, with what k6 said', async ({ expect }) => {
    await expect(load({ targetUrl: 'http://127.0.0.1:1', ratePerSecond: 0.5 })).rejects.toMatchObject({
      code: 'SERVICE_FAILED',
      message: expect.stringMatching(/^k6 failed \(exit code 107\):\n.*RATE_PER_SECOND: expected a whole number/s),
    });
  });
});

async function requestsOf(change: Partial<LoadRunOrder>): Promise<readonly string[]> {
  await using recorder = await startRecorder();
  const { directory } = await load({ targetUrl: recorder.url, ...change });
  await directory[Symbol.asyncDispose]();
  return recorder.asked;
}

interface Loaded {
  readonly run: LoadRun;
  readonly directory: Awaited<ReturnType<typeof temporaryDirectory>>;
}

async function load(
  change: Partial<LoadRunOrder> & Pick<LoadRunOrder, 'targetUrl'>,
  signal = new AbortController().signal,
  given?: Loaded['directory'],
): Promise<Loaded> {
  const directory = given ?? (await temporaryDirectory());
  const order: LoadRunOrder = {
    scenario: 'read-heavy',
    profile: 'smoke',
    ratePerSecond: 20,
    durationSeconds: 2,
    seed: 'firedrill',
    cores: 1,
    ...change,
  };
  return { run: await runLoad(order, { k6, directory: directory.path, signal, report: () => {} }), directory };
}

/** What is left of a list when each of the others has taken one of its kind away. */
function without(list: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return list.filter((each) => {
    const index = left.indexOf(each);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}
