import { describe, expect, it } from 'vitest';
import { renderLoadRun } from './report.ts';
import type { LoadRun, LoadRunOrder } from './run.ts';
import { someSummary } from './testing/some-summary.ts';

const order: LoadRunOrder = {
  scenario: 'browse',
  profile: 'smoke',
  ratePerSecond: 10,
  durationSeconds: 10,
  seed: 'a',
  targetUrl: 'http://127.0.0.1:8080',
  cores: 1,
};

describe('what is told of a load', () => {
  it('is how much there was, how it was answered, and whether each objective was held', () => {
    expect(told({})).toBe(`
  100 requests in 10.0 s (10.0/s), 0 failed
  answered within 4.0 ms (half), 12 ms (95 %), 20 ms (99 %), 3000 ms (all)

  ✓ Availability: 0 of 100 requests bad, 0.00 % (at most 0.50 %)
  ✓ every answer was as it should be: 100 checks

  HELD  browse, smoke, by point estimates: of few requests they say little
`);
  });

  it('is the rate of the time in which it asked, not of that in which it waited', () => {
    expect(told({ summary: someSummary({ durationSeconds: 12 }) })).toContain('100 requests in 12.0 s (10.0/s)');
    expect(told({ summary: someSummary({ durationSeconds: 5 }) })).toContain('100 requests in 5.0 s (20.0/s)');
  });

  it('is an objective that was missed, one that nothing counted for, each check that did not hold, and each warning', () => {
    const [objective] = someSummary({}).objectives;
    if (objective === undefined) throw new Error('there is one');
    const text = told({
      outcome: 'crossed',
      warnings: ['It was late.'],
      summary: someSummary({
        objectives: [
          { ...objective, bad: 1 },
          { ...objective, bad: 1, total: 200 },
          { ...objective, total: 0 },
        ],
        checks: [
          { name: 'GET /a: status 200', passed: 3, failed: 1 },
          { name: 'GET /b: status 200', passed: 4, failed: 0 },
        ],
      }),
    });
    expect(text).toContain('✗ Availability: 1 of 100 requests bad, 1.00 % (at most 0.50 %)');
    expect(text).toContain('✓ Availability: 1 of 200 requests bad');
    expect(text).toContain('– Availability: nothing that was asked counts for it');
    expect(text).toContain('✗ GET /a: status 200: not so 1 of 4 times');
    expect(text).not.toContain('GET /b');
    expect(text).toContain('! It was late.');
    expect(text).toContain('  CROSSED  browse, smoke\n');
  });

  it('is no praise for answers that nobody looked at', () => {
    expect(told({ summary: someSummary({ checks: [] }) })).toContain('✗ no answer was checked');
  });

  it('is how much a core can offer, where there was enough to tell', () => {
    const generator = { cores: 1, looks: 10, busyLooks: 0, requestsPerCoreSecond: 2200.4 };
    expect(told({ generator, summary: someSummary({ requests: 500 }) })).toContain('offers about 2200 requests/s');
    expect(told({ generator, summary: someSummary({ requests: 499 }) })).not.toContain('offers');
    expect(told({ summary: someSummary({ requests: 500 }) })).not.toContain('offers');
  });

  it('is the rate at which it broke, where that was asked', () => {
    const ramp = { ...order, profile: 'breakpoint', ratePerSecond: 1000, durationSeconds: 100 } as const;
    const run = { outcome: 'crossed', summary: someSummary({ durationSeconds: 25 }) } as const;
    expect(told(run, ramp)).toContain('CROSSED  browse, breakpoint at about 250 requests/s');
  });

  it('is that nothing was measured', () => {
    expect(told({ outcome: 'void' })).toContain('VOID  browse, smoke: no answer was what the scenario asks for');
  });

  it('is that it was interrupted', () => {
    expect(told({ outcome: 'interrupted' })).toContain('INTERRUPTED  browse, smoke');
  });
});

function told(change: Partial<LoadRun>, of: LoadRunOrder = order): string {
  const plain = (text: string): string => text;
  const busy = { cores: 1, looks: 10, busyLooks: 0 };
  const run: LoadRun = { outcome: 'held', summary: someSummary({}), generator: busy, warnings: [], ...change };
  return renderLoadRun(of, run, { strong: plain, faint: plain, good: plain, bad: plain });
}
