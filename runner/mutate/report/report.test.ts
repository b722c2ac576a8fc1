import { describe, expect, it } from 'vitest';
import type { Fate, Outcome } from '#observability/mutants/outcome.ts';
import { renderJson } from './json.ts';
import { renderMarkdown } from './markdown.ts';
import { reportOf, rowsOf, verdictOf } from './report.ts';

function outcome(subject: string, fate: Fate, says = 'a | b'): Outcome {
  return { mutant: { id: `shop/${subject}/label/1`, subject, operator: 'label', says }, fate, because: 'why' };
}

const nineteen = Array.from({ length: 19 }, () => outcome('First', 'killed'));
const sound = { atLeast: 0.95, stale: [] };

describe('a mutation report', () => {
  it('holds when just enough are killed, and not with one less', () => {
    expect(verdictOf(reportOf([...nineteen, outcome('First', 'survived')], sound))).toBe(
      'HELD: 19 of 20 mutants are killed, 95.0 %; at least 95 % were to be.',
    );
    expect(reportOf([...nineteen.slice(1), outcome('First', 'survived')], sound).held).toBe(false);
  });

  it('counts what timed out as not killed, and does not hold while the list of equivalents is wrong', () => {
    expect(reportOf([...nineteen.slice(1), outcome('First', 'timed-out')], sound).held).toBe(false);
    const report = reportOf(nineteen, { atLeast: 0.95, stale: ['x is none'] });
    expect(verdictOf(report)).toMatch(/^NOT HELD: .*the list of equivalents is wrong in 1\.$/);
  });

  it('of a sample says how many of all would be killed', () => {
    const report = reportOf([...nineteen, outcome('First', 'survived')], { ...sound, drawnFrom: 300 });
    expect(verdictOf(report)).toContain(
      '; they were drawn from 300: of all that are not equivalent 76.4 % to 99.1 % would be killed (95 % confidence);',
    );
  });

  it('keeps its table whole when a name has a bar in it', () => {
    const text = renderMarkdown(reportOf([outcome('a|b', 'killed')], sound));
    expect(text).toContain('| shop, a\\|b | 1 |');
  });

  it('never rounds up to all', () => {
    const many = Array.from({ length: 9999 }, () => outcome('First', 'killed'));
    expect(verdictOf(reportOf([...many, outcome('First', 'survived')], sound))).toContain('99.9 %');
  });

  it('has a row for each alert, and one for what a file records', () => {
    const rows = rowsOf([outcome('First', 'killed'), outcome('a:b', 'killed'), outcome('c:d', 'survived')]);
    expect(rows.map(({ title, tally }) => [title, tally.all])).toEqual([
      ['shop, First', 1],
      ['shop, recorded', 2],
    ]);
  });

  it('says in Markdown what survived, and what is equivalent and why', () => {
    const text = renderMarkdown(reportOf([outcome('First', 'survived'), outcome('Second', 'equivalent')], sound));
    const [, survived, equivalent] = text.split('\n## ');
    expect(survived).toContain('| First | label | `a \\| b` | why | `shop/First/label/1` |');
    expect(survived).not.toContain('Second');
    expect(equivalent).toContain('| Second |');
  });

  it('gives programs every mutant and what became of it', () => {
    const { held, tally, mutants } = JSON.parse(renderJson(reportOf([outcome('First', 'survived')], sound)));
    expect([held, tally.survived, mutants]).toEqual([
      false,
      1,
      [
        {
          id: 'shop/First/label/1',
          subject: 'First',
          operator: 'label',
          says: 'a | b',
          fate: 'survived',
          because: 'why',
        },
      ],
    ]);
  });
});
