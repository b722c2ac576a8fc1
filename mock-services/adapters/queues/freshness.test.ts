import { expect, it } from 'vitest';
import { priorityQueues } from '#catalog/signals.ts';
import type { QueueState } from '#observability/sdk/metrics/queues.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { createFreshnessWatch } from './freshness.ts';

it('a queue is fresh while its oldest message is at most 10 s old', async () => {
  const { counted, look, states } = setUp();
  states.push(queue('high-priority', 0), queue('medium-priority', 10), queue('low-priority', 10.1));
  await look();
  expect(counted).toEqual(['high-priority fresh', 'medium-priority fresh', 'low-priority stale']);
});

it('no queue is fresh while their store does not answer', async () => {
  const { counted, look } = setUp();
  await look();
  expect(counted).toEqual(priorityQueues.map((name) => `${name} stale`));
});

it('the dead letters are not looked at: they wait for people', async () => {
  const { counted, look, states } = setUp();
  states.push(queue('dead-letter', 1e6));
  await look();
  expect(counted.join()).not.toContain('dead-letter');
});

it('each queue is looked at twice a second, from half a second on, until it is stopped', async () => {
  const { clock, counted, watch } = setUp();
  watch.start();
  const looks = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 100) clock.advance(100);
    await Promise.resolve();
    return counted.length / priorityQueues.length;
  };
  expect(await looks(400)).toBe(0);
  expect(await looks(100)).toBe(1);
  expect(await looks(10_000)).toBe(21);
  watch.stop();
  expect(await looks(10_000)).toBe(21);
});

function setUp() {
  const clock = new FakeClock();
  const counted: string[] = [];
  const states: QueueState[] = [];
  const watch = createFreshnessWatch({
    clock,
    queues: { states: async () => states },
    metrics: { freshness: (name) => ({ checked: (result) => counted.push(`${name} ${result}`) }) },
  });
  const look = async () => {
    watch.start();
    clock.advance(500);
    await Promise.resolve();
  };
  return { clock, counted, states, watch, look };
}

function queue(name: QueueState['queue'], oldestAgeSeconds: number): QueueState {
  return { queue: name, size: 1, oldestAgeSeconds };
}
