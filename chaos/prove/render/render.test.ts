import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Paint } from '../../engine/report.ts';
import { baselineOf } from '../baseline.ts';
import type { AlertOutcome } from '../episode.ts';
import { proofOf } from '../proof.ts';
import { broken, control, detected, episode, falseAlarm, may, missed, told } from '../testing/episodes.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdownProof } from './markdown.ts';
import { renderProofPage } from './page.ts';
import { renderProof } from './terminal.ts';

const plain: Paint = { strong: String, faint: String, good: String, bad: String };

const deviated = episode([missed, falseAlarm()], {
  drill: 'loud',
  outcome: 'deviated',
  processorWaitShare: 0.72,
  findings: [
    { claim: 'it pages', held: false, observed: 'it never did | <b>' },
    { claim: 'load', held: true, observed: 'yes' },
  ],
});
const given = { startedAtMs: 0, durationSeconds: 61.4, alerts: ['Page', 'Ticket', 'Other', 'A', 'B'] };

const good = proofOf({ ...given, planned: 2, episodes: [episode([detected, may(false)]), control()] });
const bad = proofOf({
  ...given,
  planned: 4,
  episodes: [episode([told(9), may(true)]), deviated, control(), broken],
  baseline: baselineOf([episode([told(2)])]),
});

describe('the verdict of a proof', () => {
  it.each([
    ['held', [episode([detected])], 1],
    ['deviated', [episode([detected]), deviated], 2],
    ['broken', [deviated, broken], 2],
    ['interrupted', [episode([detected])], 2],
  ] as const)('is %s', (outcome, episodes, planned) => {
    expect(proofOf({ ...given, episodes, planned }).verdict.outcome).toBe(outcome);
  });

  it('is that it deviated when all held and something is worse than the baseline', () => {
    const baseline = baselineOf([episode([told(2)])]);
    const proof = proofOf({ ...given, planned: 1, episodes: [episode([told(3.9)])], baseline });
    expect(proof.verdict).toEqual({
      outcome: 'deviated',
      summary: '1 of 1 episodes held, 1 of 1 alerts detected, 1 of 1 in time, 0 false pages, 1 worse than the baseline',
    });
  });
});

describe('the verdict of a proof that differs from its baseline for the better', () => {
  it('is that it held', () => {
    const proof = proofOf({ ...given, planned: 1, episodes: [episode([detected])], baseline: { drills: {} } });
    expect(proof.changes).toMatchObject([{ kind: 'new' }]);
    expect(proof.verdict.outcome).toBe('held');
    expect(proof.verdict.summary).not.toContain('worse');
  });
});

describe('on a terminal', () => {
  it('a proof that held has its matrix in signs that need no colour, and says so', () => {
    const text = renderProof(good, plain);
    expect(text).toMatch(/sick +● +–/);
    expect(text).toMatch(/nothing +· +·/);
    expect(text).toContain('● must fire, and did');
    expect(text).toContain('3 other alerts were silent, as they must be.');
    expect(text).toContain('HELD  2 of 2 episodes held');
  });

  it('a proof that did not says what is wrong in words', () => {
    const text = renderProof(bad, plain);
    expect(text).toContain('loud: Page must fire, and did not: it fired in 0 of 1 episodes');
    expect(text).toContain('loud: Other must be silent, and fired: it fired in 1 of 1 episodes');
    expect(text).toContain('slower: sick, Page told after 9.00 s, before after 2.00 to 2.00 s (± 1.5 s)');
    expect(text).toMatch(/✗ it pages: it never did.*\n {4}something waited for a processor for 72\.0 % of the time\n/);
    expect(text).toContain('k6 <died>');
    expect(text).toContain('BROKEN  2 of 4 episodes held, the harness failed in 1');
  });

  it('the matrix of many drills and alerts stays within 120 columns', () => {
    const many = Array.from({ length: 45 }, (_, index): AlertOutcome => ({ ...detected, alert: `Alert${index}` }));
    const episodes = Array.from({ length: 30 }, (_, index) =>
      episode(many, { drill: `a-drill-with-quite-a-name-${index}` }),
    );
    const lines = stripVTControlCharacters(renderProof(proofOf({ ...given, planned: 30, episodes }), plain)).split(
      '\n',
    );
    const matrix = lines.slice(
      0,
      lines.findIndex((line) => line.includes('must fire, and did')),
    );
    expect(Math.max(...matrix.map(({ length }) => length))).toBeLessThanOrEqual(120);
    expect(matrix.filter((line) => line.includes('●')).length).toBe(2 * 30);
  });

  it('a cell says how often of how many when it was not always the same', () => {
    const proof = proofOf({ ...given, planned: 2, episodes: [episode([detected]), episode([missed])] });
    expect(renderProof(proof, plain)).toMatch(/sick +1\/2✗/);
    const allowed = proofOf({ ...given, planned: 2, episodes: [episode([may(true)]), episode([may(false)])] });
    expect(renderProof(allowed, plain)).toMatch(/sick +1\/2$/m);
  });
});

describe('as a file', () => {
  it('JUnit has a suite for each episode, and says what failed and what is an error', () => {
    const xml = renderJunit(bad);
    expect(xml).toContain('<testsuites name="firedrill prove" tests="8" failures="2" errors="1" time="61.400">');
    expect(xml).toContain('<testsuite name="loud (1, seed s)" tests="2" failures="1" errors="0" time="60.000">');
    expect(xml).toContain('<failure message="it never did | &lt;b&gt;"/>');
    expect(xml).toContain('<error message="k6 &lt;died&gt;&#10;with &quot;words&quot;"/>');
    expect(xml).toContain('name="sick Page is no worse than the baseline"');
    expect(xml.match(/<testcase/g)).toHaveLength(8);
  });

  it('JUnit holds no character that XML cannot', () => {
    const finding = { claim: 'colours \u001b[31m', held: false, observed: 'a \u0000 b' };
    const xml = renderJunit(proofOf({ ...given, planned: 1, episodes: [episode([], { findings: [finding] })] }));
    expect(xml).toContain('name="colours [31m"');
    expect(xml).toContain('message="a  b"');
  });

  it('Markdown keeps its tables whole', () => {
    const piped = proofOf({ ...given, planned: 1, episodes: [episode([detected], { drill: 'a|b' })] });
    expect(renderMarkdownProof(piped)).toContain('| alert | a\\|b |');
    const markdown = renderMarkdownProof(bad);
    expect(markdown).toContain('| alert | sick | loud | nothing | broken |');
    expect(markdown).toContain('| `Page` | ● | ✗ | · | ? |');
    expect(markdown).toContain('✗ it pages: it never did | <b>');
    expect(markdown).toContain('- slower: sick, Page told after 9.00 s');
    expect(renderMarkdownProof(good)).not.toContain('What is wrong');
  });

  it('the page needs nothing else, and escapes what it quotes', () => {
    const page = renderProofPage(bad);
    expect(page).not.toMatch(/src=|href=|@import|url\(/);
    expect(page).toContain('it never did | &#60;b&#62;');
    expect(page).toContain('<td class="missed must" title="Page must fire, and did not (fired in 0 of 1)">✗</td>');
    expect(page).toContain('<p class="outcome bad">BROKEN</p>');
  });
});
