import { describe, expect, it } from 'vitest';
import { type Clock, systemClock } from './clock.ts';
import type { DrillRun } from './drill-run.ts';
import { createLedger } from './ledger.ts';
import type { Target } from './target.ts';
import { withinTimeLimit } from './time-limit.ts';

/** The limit is over at once, or never. */
function clockOf(isOver: boolean): Clock {
  return { nowMs: () => 0, sleep: (_ms, signal) => (isOver ? Promise.resolve() : systemClock.sleep(60_000, signal)) };
}

function runOf(clock: Clock, signal = new AbortController().signal): DrillRun {
  return { target: {} as Target, ledger: createLedger(clock, () => undefined), clock, seed: 's', signal };
}

const untilAborted = ({ signal }: DrillRun) =>
  new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

describe('a time limit', () => {
  it('ends what takes too long, and the ledger says so', async () => {
    const asked: number[] = [];
    const clock = { nowMs: () => 0, sleep: async (ms: number) => void asked.push(ms) };
    const run = runOf(clock);
    await withinTimeLimit(5, run, untilAborted);
    expect(asked).toEqual([5000]);
    expect(run.ledger.entries).toMatchObject([{ event: 'time-limit', limitSeconds: 5 }]);
  });

  it('is silent about what is done in time', async () => {
    const run = runOf(clockOf(false));
    await withinTimeLimit(5, run, async () => undefined);
    expect(run.ledger.entries).toEqual([]);
  });

  it('leaves a failure what it is', async () => {
    const run = runOf(clockOf(false));
    const failing = withinTimeLimit(5, run, () => Promise.reject(new Error('broken')));
    await expect(failing).rejects.toThrow('broken');
    expect(run.ledger.entries).toEqual([]);
  });

  it('leaves an interruption what it is, also when the limit is over by then', async () => {
    const interrupted = new AbortController();
    const run = runOf(clockOf(true), interrupted.signal);
    const work = withinTimeLimit(5, run, async (limited) => {
      await untilAborted(limited).catch(() => undefined);
      interrupted.abort(new Error('interrupted'));
      throw interrupted.signal.reason;
    });
    await expect(work).rejects.toThrow('interrupted');
  });
});
