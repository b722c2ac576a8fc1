import { judge } from '#load-tests/gate/judge.ts';
import { tallyOf } from '#load-tests/gate/tally.ts';
import type { GateRun } from './gate-run.ts';

/** Sixty seconds of a hundred requests each, so many of which failed. */
export function someGateRun(badPerSecond: number, change: Partial<GateRun> = {}): GateRun {
  const counts = tallyOf(Array.from({ length: 60 }, () => ({ bad: badPerSecond, total: 100 })));
  const { bad, total, batches, phi } = counts;
  return {
    verdict: judge([{ objective: { name: 'shop-availability', bad: 'failed', limit: 0.01 }, counts }]),
    scenario: 'paths',
    targetUrl: 'http://127.0.0.1:3000',
    ratePerSecond: 100,
    seconds: 60,
    requests: 6000,
    counts: { 'shop-availability': { server: { bad, total, batches, phi } } },
    changes: {},
    warnings: [],
    interrupted: false,
    ...change,
  };
}
