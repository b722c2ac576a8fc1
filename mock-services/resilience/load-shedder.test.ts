import { describe, expect, it } from 'vitest';
import { LoadShedder } from './load-shedder.ts';

describe('the load shedder', () => {
  it('takes so many requests at a time, and another when one has left', () => {
    const shedder = new LoadShedder(2);
    expect([shedder.enter(), shedder.enter(), shedder.enter()]).toEqual([true, true, false]);
    shedder.leave();
    expect([shedder.enter(), shedder.enter()]).toEqual([true, false]);
    expect(shedder.inFlight).toBe(2);
  });
});

describe('without load shedding', () => {
  const patienceMs = 1_000;
  const serviceMs = 10;

  /** A minute at twice the load a server can take, first come first served; how many got an answer in time. */
  function answeredInTime(shedder: Pick<LoadShedder, 'enter' | 'leave'>): number {
    const queue: number[] = [];
    let inTime = 0;
    for (let nowMs = 0; nowMs < 60_000; nowMs += serviceMs) {
      for (const arrivedMs of [nowMs, nowMs]) if (shedder.enter()) queue.push(arrivedMs);
      const arrivedMs = queue.shift();
      if (arrivedMs === undefined) continue;
      shedder.leave();
      if (nowMs + serviceMs - arrivedMs <= patienceMs) inTime += 1;
    }
    return inTime;
  }

  it('nobody is answered in time soon after an overload began; with it as many as the server can serve are', () => {
    expect(answeredInTime({ enter: () => true, leave: () => undefined })).toBeLessThan(300);
    expect(answeredInTime(new LoadShedder(50))).toBe(6_000);
  });
});
