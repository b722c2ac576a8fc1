import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Played, recall, remember } from '../response/history.ts';
import { describeHistory, sparkline, trend } from './history.ts';

const played: Played = {
  atMs: 2,
  person: 'ada',
  drill: 'sick-replica',
  difficulty: 'beginner',
  mode: 'blind',
  seed: 's',
  outcome: 'won',
  score: 81,
  times: { detect: 2, acknowledge: 8, mitigate: 60 },
  componentRatio: 1,
  causeRatio: 0,
  budgetShare: 0.1,
  hints: 1,
  run: '/runs/1',
};

describe('the history', () => {
  const folder = mkdtempSync(join(tmpdir(), 'firedrill-history-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('remembers, oldest first, and does not mind what it cannot read', () => {
    const file = join(folder, 'deep', 'history.jsonl');
    expect(recall(file)).toEqual([]);
    remember(played, file);
    remember({ ...played, atMs: 1 }, file);
    writeFileSync(file, 'no JSON\n{"atMs":1}\n', { flag: 'a' });
    expect(recall(file).map(({ atMs }) => atMs)).toEqual([1, 2]);
    expect(remember(played, join(file, 'below'))).toMatch(/^Your history does not have it: E(EXIST|NOTDIR)/);
  });

  it('has a row for each drill, and what is missing is not 0', () => {
    const rows = describeHistory('ada', [played]).split('\n');
    expect(rows[1]).toContain('sick-replica  blind  won      81     8 s  60 s  –    100 % 0 %    1');
    expect(rows).toContainEqual(expect.stringContaining('ada: 1 played, 1 won'));
  });
});

it('a sparkline goes from the lowest bar to the highest', () => {
  expect(sparkline([0, 50, 100], 100)).toBe('▁▅█');
  expect(sparkline([1, 2])).toBe('▅█');
  expect(sparkline([0, 0])).toBe('▁▁');
  expect(sparkline([])).toBe('');
});

it.each([
  [[50], 'more', 'mean 50'],
  [[10, 10, 10, 10, 10, 20, 20, 20, 20, 20], 'more', 'mean 20, +10: better'],
  [[10, 10, 10, 10, 10, 20, 20, 20, 20, 20], 'less', 'mean 20, +10: worse'],
  [[20, 10, 10, 10, 10, 10], 'more', 'mean 10, −10: worse'],
  [[20, 10, 10, 10, 10, 10], 'less', 'mean 10, −10: better'],
  [[10, 10, 10, 10, 10, 10], 'more', 'mean 10, +0: as before'],
  [[], 'more', ''],
] as const)('the trend of %j is told (%s is better)', (values, better, words) => {
  expect(trend(values, better)).toBe(words);
});
