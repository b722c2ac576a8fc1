import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { RequestWindow } from './request-window.ts';

it('is empty at first', () => {
  expect(new RequestWindow(new FakeClock()).read()).toEqual({ requestsPerMinute: 0, errorRatio: 0, meanMs: 0 });
});

it('tells how many requests there were, how many failed, and how long they took', () => {
  const window = new RequestWindow(new FakeClock());
  window.observe(200, 10);
  window.observe(404, 20);
  window.observe(500, 30);
  window.observe(503, 40);
  expect(window.read()).toEqual({ requestsPerMinute: 4, errorRatio: 0.5, meanMs: 25 });
});

it('forgets what is a minute old, also when nothing came in between', () => {
  const clock = new FakeClock();
  const window = new RequestWindow(clock);
  window.observe(500, 10);
  clock.advance(59_999);
  expect(window.read().requestsPerMinute).toBe(1);
  clock.advance(1);
  expect(window.read().requestsPerMinute).toBe(0);
  window.observe(200, 2);
  expect(window.read()).toEqual({ requestsPerMinute: 1, errorRatio: 0, meanMs: 2 });
});

it('holds what ended in the sixty seconds up to now, whatever the pauses', () => {
  const steps = fc.array(fc.record({ pauseMs: fc.nat(20_000), failed: fc.boolean() }), {
    minLength: 1,
    maxLength: 100,
  });
  fc.assert(
    fc.property(steps, (requests) => {
      const clock = new FakeClock();
      const window = new RequestWindow(clock);
      const ended: { second: number; failed: boolean }[] = [];
      for (const { pauseMs, failed } of requests) {
        clock.advance(pauseMs);
        window.observe(failed ? 500 : 200, 1);
        const second = Math.floor(clock.monotonicMs() / 1000);
        ended.push({ second, failed });
        const recent = ended.filter((each) => each.second > second - 60);
        const errors = recent.filter((each) => each.failed).length;
        expect(window.read()).toEqual({
          requestsPerMinute: recent.length,
          errorRatio: errors / recent.length,
          meanMs: 1,
        });
      }
    }),
  );
});
