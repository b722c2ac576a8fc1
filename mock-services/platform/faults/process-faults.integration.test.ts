import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FaultName } from '#catalog/faults/faults.ts';
import { metrics as names } from '#catalog/signals.ts';
import { becomes, patient, useBackends } from '../../testing/backends.ts';
import type { LogLine, Replica } from '../../testing/replica.ts';

/** Each look begins the measurement of the loop anew, and what ends right after it is not seen: there have to be two blocks between two looks. */
const seldom = { ...patient, interval: 1_100 };

/** Faults that act on the process, its messages and its telemetry: what they do is measured from outside of a real replica. */
const backends = useBackends();

describe('one replica, one fault after the other', () => {
  it('is broken by each, and well again', async () => {
    const replica = await backends.startReady();
    await leakIsGivenBack(replica);
    await spikeIsGivenBack(replica);
    await loopIsBusyAndFree(replica);
    await loopStandsStillAndTurns(replica);
    await logIsFlooded(replica);
    await seriesExplode(replica);
    await metricsAreLost(replica);
    await logsAreLost(replica);
    await poisonIsGivenUpAndThrownAway(replica);
    await stuckMessagesAreDoneAfterwards(replica);
    await floodFillsTheQueue(replica);
    await twoAtOnce(replica);
    expect(await replica.control.list()).toEqual([]);
    await becomes(`${replica.url}/health`, 200);
    expect(JSON.stringify(replica.logLines().map(({ msg }) => msg))).not.toMatch(
      /fault|chaos|inject|leak|flood|poison/i,
    );
  });
});

describe('a fault whose injector died', () => {
  it('ends with its lease, also when nobody gets through to it', async () => {
    const replica = await backends.startReady();
    const [beforeMiB, series] = [residentMiB(replica), await seriesOf(replica, names.httpRequests)];
    const orders: readonly (readonly [FaultName, Record<string, unknown>])[] = [
      ['memory-leak', { growthMiBPerSecond: 100 }],
      ['memory-spike', { sizeMiB: 300 }],
      ['poison-message', { count: 10_000, perSecond: 50 }],
      ['consumer-stuck', {}],
      ['queue-flood', {}],
      ['log-flood', {}],
      ['metric-cardinality', {}],
      ['telemetry-loss', {}],
      ['cpu-burn', { share: 1, sliceMs: 250 }],
      ['event-loop-block', { blockMs: 2_000, pauseMs: 50 }],
    ];
    // The answers come late: nobody waits for one before the next order.
    const orderAll = orders.map(([fault, args]) =>
      replica.control.call('PUT', `/faults/${fault}`, { fault, args, seed: 'a', leaseSeconds: 1.5 }),
    );
    expect((await Promise.all(orderAll)).map(({ status }) => status)).toEqual(orders.map(() => 200));
    await expect.poll(() => replica.control.list(), patient).toEqual([]);
    await becomes(`${replica.url}/metrics`, 200);
    expect(await seriesOf(replica, names.httpRequests)).toBe(series);
    await expect.poll(() => readingOf(replica, 'nodejs_eventloop_lag_max_seconds'), seldom).toBeLessThan(0.1);
    await expect.poll(() => residentMiB(replica) - beforeMiB, patient).toBeLessThan(150);
    const [lines, accepted] = [await logged(replica, 'warn'), (await account(replica, 'low-priority')).accepted];
    await expect.poll(() => account(replica, 'low-priority'), patient).toMatchObject({ accepted, pending: 0 });
    await expect.poll(() => account(replica), patient).toMatchObject({ pending: 0, dead_lettered: 0 });
    expect((await logged(replica, 'warn')) - lines).toBeLessThan(1_000);
  });
});

describe('a process', () => {
  it('ends with an error that nobody caught, after as many requests as were said', async () => {
    const replica = await backends.startReady();
    await inject(replica, 'crash', { afterRequests: 2 });
    await becomes(`${replica.url}/api/backend/users`, 200);
    expect(replica.process.exitCode).toBeNull();
    await fetch(`${replica.url}/api/backend/users`).catch(() => undefined);
    expect(await replica.exited).toEqual([1, null]);
    const [last] = replica.logLines().slice(-1);
    expect(last).toMatchObject({ level: 'fatal', msg: 'uncaught error', err: { code: 'ECONNRESET' } });
    expect(JSON.stringify(last)).not.toMatch(/crash|fault/);
  });

  it('ends some time after it was ordered to, and not at all when that was taken back', async () => {
    const replica = await backends.startReady();
    await inject(replica, 'crash', { everySeconds: 0.2 });
    await revertTwice(replica, 'crash');
    await inject(replica, 'crash', { everySeconds: 60 });
    await halfASecondOn(replica);
    await inject(replica, 'crash', { everySeconds: 0.3 });
    expect(await replica.exited).toEqual([1, null]);
  });

  it('ends for want of memory that leaks, as V8 ends it', async () => {
    const replica = await backends.start({ env: { NODE_OPTIONS: '--max-old-space-size=64' } });
    await becomes(`${replica.url}/health/ready`, 200);
    await inject(replica, 'memory-leak', { growthMiBPerSecond: 200 });
    expect(await replica.exited).toEqual([null, 'SIGABRT']);
  });
});

async function leakIsGivenBack(replica: Replica): Promise<void> {
  for (const memory of ['heap', 'buffers']) {
    const beforeMiB = residentMiB(replica);
    await inject(replica, 'memory-leak', { growthMiBPerSecond: 400, limitMiB: 60, memory });
    await expect.poll(() => residentMiB(replica) - beforeMiB, patient).toBeGreaterThan(50);
    await halfASecondOn(replica);
    expect(residentMiB(replica) - beforeMiB).toBeLessThan(130);
    await revertTwice(replica, 'memory-leak');
    await expect.poll(() => residentMiB(replica) - beforeMiB, patient).toBeLessThan(25);
  }
}

async function spikeIsGivenBack(replica: Replica): Promise<void> {
  const beforeMiB = residentMiB(replica);
  await inject(replica, 'memory-spike', { sizeMiB: 100 });
  await expect.poll(() => residentMiB(replica) - beforeMiB, patient).toBeGreaterThan(90);
  await revertTwice(replica, 'memory-spike');
  await expect.poll(() => residentMiB(replica) - beforeMiB, patient).toBeLessThan(25);
}

async function loopIsBusyAndFree(replica: Replica): Promise<void> {
  await inject(replica, 'cpu-burn', { share: 1, sliceMs: 100 });
  await expect.poll(() => readingOf(replica, 'nodejs_eventloop_lag_p50_seconds'), patient).toBeGreaterThan(0.08);
  const processorMs = processorTimeMs(replica);
  await expect.poll(() => processorTimeMs(replica) - processorMs, patient).toBeGreaterThan(200);
  await revertTwice(replica, 'cpu-burn');
  await expect.poll(() => readingOf(replica, 'nodejs_eventloop_lag_p50_seconds'), patient).toBeLessThan(0.03);
}

async function loopStandsStillAndTurns(replica: Replica): Promise<void> {
  await inject(replica, 'event-loop-block', { blockMs: 400, pauseMs: 100 });
  await expect.poll(() => readingOf(replica, 'nodejs_eventloop_lag_max_seconds'), seldom).toBeGreaterThan(0.3);
  await revertTwice(replica, 'event-loop-block');
  await expect.poll(() => readingOf(replica, 'nodejs_eventloop_lag_max_seconds'), patient).toBeLessThan(0.1);
}

async function logIsFlooded(replica: Replica): Promise<void> {
  const lines = () => replica.logLines().filter(({ level }) => level === 'warn').length;
  await inject(replica, 'log-flood', { perSecond: 2_000 });
  await expect.poll(lines, patient).toBeGreaterThan(500);
  await revertTwice(replica, 'log-flood');
  // The last ones are written within a tenth of a second.
  await expect.poll(async () => (await logged(replica, 'warn')) - lines(), patient).toBe(0);
}

async function seriesExplode(replica: Replica): Promise<void> {
  const before = await seriesOf(replica, names.httpRequests);
  await inject(replica, 'metric-cardinality', { perSecond: 10_000, count: 800 });
  await expect.poll(() => seriesOf(replica, names.httpRequests), patient).toBe(before + 800);
  await revertTwice(replica, 'metric-cardinality');
  expect(await seriesOf(replica, names.httpRequests)).toBe(before);
}

async function metricsAreLost(replica: Replica): Promise<void> {
  await inject(replica, 'telemetry-loss', { signal: 'metrics' });
  await becomes(`${replica.url}/metrics`, 500);
  await becomes(`${replica.url}/health`, 200);
  await revertTwice(replica, 'telemetry-loss');
  await becomes(`${replica.url}/metrics`, 200);
}

async function logsAreLost(replica: Replica): Promise<void> {
  const requests = (lines: readonly LogLine[]) => lines.filter(({ route }) => route === '/api/backend/users').length;
  await inject(replica, 'telemetry-loss', { signal: 'logs' });
  const counted = await logged(replica, 'info');
  await becomes(`${replica.url}/api/backend/users`, 200);
  await expect.poll(() => logged(replica, 'info'), patient).toBe(counted + 1);
  await revertTwice(replica, 'telemetry-loss');
  await becomes(`${replica.url}/api/backend/users`, 200);
  await expect.poll(() => requests(replica.logLines()), patient).toBe(1);
}

async function poisonIsGivenUpAndThrownAway(replica: Replica): Promise<void> {
  await inject(replica, 'poison-message', { count: 2 });
  await expect.poll(async () => (await account(replica)).dead_lettered, patient).toBe(2);
  const failed = () => replica.logLines().filter(({ msg }) => msg === 'message failed');
  const outcomes = [...Array(2).fill('dead-letter'), ...Array(4).fill('retry')];
  await expect
    .poll(
      () =>
        failed()
          .map(({ next }) => next)
          .sort(),
      patient,
    )
    .toEqual(outcomes);
  await revertTwice(replica, 'poison-message');
  await expect.poll(() => account(replica), patient).toMatchObject({ dead_lettered: 0, pending: 0, purged: 2 });
}

async function stuckMessagesAreDoneAfterwards(replica: Replica): Promise<void> {
  const { processed = 0 } = await account(replica, 'low-priority');
  await inject(replica, 'consumer-stuck', {});
  await inject(replica, 'queue-flood', { perSecond: 5_000, count: 50 });
  await expect.poll(async () => (await account(replica, 'low-priority')).pending, patient).toBe(50);
  // As many as it may have under way are taken, none is done.
  await expect.poll(() => backends.queues.command('ZCARD', 'queues:reserved'), patient).toBe(4);
  expect((await account(replica, 'low-priority')).processed).toBe(processed);
  await revertTwice(replica, 'consumer-stuck');
  await expect.poll(async () => (await account(replica, 'low-priority')).processed, patient).toBe(processed + 50);
  await revertTwice(replica, 'queue-flood');
}

async function floodFillsTheQueue(replica: Replica): Promise<void> {
  await inject(replica, 'queue-flood', { perSecond: 5_000, count: 50_000 });
  await expect
    .poll(() => backends.queues.command('ZCARD', 'queues:low-priority:pending'), patient)
    .toBeGreaterThan(1_000);
  await revertTwice(replica, 'queue-flood');
  const { accepted } = await account(replica, 'low-priority');
  await expect.poll(() => account(replica, 'low-priority'), patient).toMatchObject({ accepted, pending: 0 });
}

async function twoAtOnce(replica: Replica): Promise<void> {
  const before = await seriesOf(replica, names.httpRequests);
  await inject(replica, 'cpu-burn', { share: 1, sliceMs: 100 });
  await inject(replica, 'metric-cardinality', { perSecond: 10_000, count: 100 });
  await expect.poll(() => seriesOf(replica, names.httpRequests), patient).toBe(before + 100);
  await revertTwice(replica, 'metric-cardinality');
  await expect.poll(() => readingOf(replica, 'nodejs_eventloop_lag_p50_seconds'), patient).toBeGreaterThan(0.08);
  await revertTwice(replica, 'cpu-burn');
}

/** By the replica's own count: it looks at its queues twice a second. */
async function halfASecondOn(replica: Replica): Promise<void> {
  const looks = () => readingOf(replica, `${names.queueFreshnessChecks}{queue="high-priority",result="fresh"}`);
  const before = await looks();
  await expect.poll(looks, patient).toBeGreaterThan(before + 1);
}

async function inject(replica: Replica, fault: FaultName, args: Record<string, unknown>): Promise<void> {
  await replica.control.inject(fault, { fault, args, seed: 'a', leaseSeconds: 60 });
}

async function revertTwice(replica: Replica, fault: FaultName): Promise<void> {
  for (const _time of [1, 2]) expect((await replica.control.call('DELETE', `/faults/${fault}`)).status).toBe(204);
}

async function account(replica: Replica, queue = 'medium-priority'): Promise<Record<string, number>> {
  const accounts = (await (await fetch(`${replica.url}/api/backend/queue`)).json()) as Record<string, number>[];
  return accounts.find((each) => String(each.queue) === queue) ?? {};
}

async function exposition(replica: Replica): Promise<readonly string[]> {
  return (await (await fetch(`${replica.url}/metrics`)).text()).split('\n');
}

async function seriesOf(replica: Replica, name: string): Promise<number> {
  return (await exposition(replica)).filter((line) => line.startsWith(`${name}{`)).length;
}

async function readingOf(replica: Replica, series: string): Promise<number> {
  const line = (await exposition(replica)).find((each) => each.startsWith(`${series} `));
  return Number(line?.split(' ')[1]);
}

function logged(replica: Replica, level: string): Promise<number> {
  return readingOf(replica, `${names.logLines}{level="${level}"}`);
}

function residentMiB({ process }: Replica): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${process.pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** In user mode, by clock ticks of a hundredth of a second. */
function processorTimeMs({ process }: Replica): number {
  return 10 * Number(readFileSync(`/proc/${process.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[11]);
}
