import { describe, expect, it } from 'vitest';
import { judge } from '#load-tests/gate/judge.ts';
import { renderBadge } from './badge.ts';
import { baselineOf, changesSince } from './baseline.ts';
import type { GateRun } from './gate-run.ts';
import { renderJunitGate } from './junit.ts';
import { renderMarkdownGate } from './markdown.ts';
import { renderJsonGate } from './outputs.ts';
import { renderGate } from './table.ts';
import { someGateRun } from './testing.ts';

const passed = someGateRun(0);
const failed = someGateRun(4);
const open = someGateRun(1);
const compared = someGateRun(0, {
  scenario: 'shop.js',
  ratePerSecond: undefined,
  targetUrl: undefined,
  points: [{ name: 'http_reqs: count>9', verdict: 'FAIL', reason: 'It is 7.' }],
});
const faults = [{ kind: 'delivery', reason: 'The load was not "offered" & <more>.' }] as const;
const void_ = someGateRun(0, { verdict: judge([], faults) });

describe('a terminal', () => {
  it('gets the figures, why, and the verdict', () => {
    expect(told(passed)).toBe(`
  objective          verdict  bad  n     share  true share     limit  n_eff  φ
  shop-availability  PASS     0    6000  0 %    0 % to 0.34 %  1 %    1200   –

  ✓ shop-availability: 0 of 6000 requests failed (0 %); the true share is at most 0.34 %, below the limit of 1 %.

  PASS  paths, 100 requests/s, 6000 in 60.0 s
`);
    expect(told(failed)).toContain('✗ shop-availability: 240 of 6000 requests failed (4 %)');
    expect(told(open)).toContain('? shop-availability: 60 of 6000 requests failed (1 %)');
  });

  it('gets what spoils it, what changed, and that it was ended early', () => {
    const change = { estimate: 2, low: 1.5, high: 3, direction: 'more', what: 'There are more.' } as const;
    const text = told({
      ...passed,
      interrupted: true,
      warnings: ['It was late.'],
      changes: { 'shop-availability': change },
    });
    expect(text).toContain('! It was late.');
    expect(text).toContain('Δ shop-availability: There are more.');
    expect(text).toContain('in 60.0 s; interrupted');
    expect(told(void_)).toContain('! The load was not "offered" & <more>.');
  });

  it('gets what was compared without an interval, and a load that has no rate of its own', () => {
    const text = told(compared);
    expect(text).toMatch(/http_reqs: count>9 +FAIL +– +– +–/);
    expect(text).toContain('✗ http_reqs: count>9: It is 7.');
    expect(text).toContain('  shop.js, 6000 requests in 60.0 s');
  });

  it('gets a dash where nothing was counted', () => {
    const verdict = judge([
      {
        objective: { name: 'a', bad: 'failed', limit: 0.01 },
        counts: { bad: 0, total: 0, batches: 0, phi: undefined },
      },
    ]);
    expect(told({ ...passed, verdict })).toMatch(/a +INCONCLUSIVE +0 +0 +– +0 % to 100 %/);
  });
});

describe('JUnit XML', () => {
  it('has a case for each objective and one for the measurement; only PASS succeeds', () => {
    expect(renderJunitGate(passed)).toContain('tests="2" failures="0" errors="0" time="60.000"');
    expect(renderJunitGate(passed)).toContain('<testcase classname="gate paths" name="shop-availability"/>');
    expect(renderJunitGate(failed)).toContain('<failure type="FAIL" message="240 of 6000 requests failed');
    expect(renderJunitGate(open)).toContain('<failure type="INCONCLUSIVE" message="60 of');
    expect(renderJunitGate(open)).toContain('tests="2" failures="1" errors="0"');
  });

  it('has a case for what was compared without an interval', () => {
    expect(renderJunitGate(compared)).toContain('tests="3" failures="1" errors="0"');
    expect(renderJunitGate(compared)).toContain('<failure type="FAIL" message="It is 7."/>');
  });

  it('has an error where nothing was measured, escaped', () => {
    expect(renderJunitGate(void_)).toContain('tests="1" failures="0" errors="1"');
    expect(renderJunitGate(void_)).toContain(
      '<error message="The load was not &quot;offered&quot; &amp; &lt;more&gt;."/>',
    );
  });
});

describe('Markdown', () => {
  it('says the verdict, the figures, why, and what spoils it', () => {
    const text = renderMarkdownGate({ ...failed, warnings: ['a | b'] });
    expect(text).toContain('# Load gate: FAIL\n');
    expect(text).toMatch(/\| shop-availability \| FAIL \| 240 \| 6000 \| 4 % \|/);
    expect(text).toContain('- `shop-availability`: 240 of 6000 requests failed');
    expect(text).toContain('- ⚠ a \\| b');
    const change = { estimate: 2, low: 1.5, high: 3, direction: 'more', what: 'There are more.' } as const;
    const more = renderMarkdownGate({ ...failed, interrupted: true, changes: { 'shop-availability': change } });
    expect(more).toContain('- `shop-availability`, since the baseline: There are more.');
    expect(more).toContain('on http://127.0.0.1:3000; interrupted.');
    const without = renderMarkdownGate(compared);
    expect(without).toContain('| http_reqs: count>9 | FAIL | – |');
    expect(without).toContain('- `http_reqs: count>9`: It is 7.');
    expect(without).toContain('Load: shop.js, 6000 requests in 60.0 s.');
    expect(renderMarkdownGate(void_)).toContain('The load was not "offered" & &lt;more>.');
  });
});

it.each([
  [passed, 'pass'],
  [failed, 'fail'],
  [open, 'inconclusive'],
  [void_, 'measurement fault'],
])('a badge says the verdict', ({ verdict }, word) => {
  expect(renderBadge(verdict)).toContain(`<title>load gate: ${word}</title>`);
});

it('JSON holds all that was found', () => {
  expect(JSON.parse(renderJsonGate(failed))).toMatchObject({
    formatVersion: 1,
    verdict: { verdict: 'FAIL', exitCode: 99, objectives: [{ bad: 240, n: 6000 }] },
    counts: { 'shop-availability': { server: { bad: 240, total: 6000 } } },
  });
});

describe('a baseline', () => {
  it('is what the server counted, and the client where no server did', () => {
    const client = { bad: 1, total: 10, batches: 2, phi: undefined };
    const server = { bad: 2, total: 10, batches: 2, phi: 1 };
    expect(baselineOf({ counts: { a: { client }, b: { client, server } } })).toEqual({
      formatVersion: 1,
      objectives: { a: { bad: 1, total: 10, batches: 2 }, b: { bad: 2, total: 10, batches: 2, phi: 1 } },
    });
  });

  it('is compared with by the objectives that both speak of', () => {
    const policy = { errorRate: 0.05, assumedPhi: 1, leastBatches: 5 };
    const changes = changesSince(baselineOf(open), { ...failed.counts, other: {} }, policy);
    expect(Object.keys(changes)).toEqual(['shop-availability']);
    expect(changes['shop-availability']?.direction).toBe('more');
    const { server } = failed.counts['shop-availability'] ?? {};
    const client = { bad: 0, total: 6000, batches: 60, phi: undefined };
    const both = changesSince(
      baselineOf(open),
      { 'shop-availability': { client, ...(server ? { server } : {}) } },
      policy,
    );
    expect(both).toEqual(changes);
  });
});

function told(run: GateRun): string {
  const plain = (text: string): string => text;
  return renderGate(run, { strong: plain, faint: plain, good: plain, bad: plain });
}
