import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml, stringify } from 'yaml';
import { blastRadiusProblems } from './blast-radius.ts';
import { DrillError, parseDrill } from './parse.ts';

const folder = new URL('../drills/', import.meta.url);
const text = readFileSync(new URL('sick-replica.yaml', folder), 'utf8');

/** The sick-replica drill with one value, given by its path, replaced or taken away. */
function withValue(path: string, value: unknown): string {
  const drill = parseYaml(text);
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const parent = keys.reduce((at, key) => at[key], drill);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return stringify(drill);
}

function problems(changed: string): readonly string[] {
  try {
    parseDrill(changed, 'drill.yaml');
    return [];
  } catch (error) {
    if (error instanceof DrillError) return error.problems;
    throw error;
  }
}

describe('parseDrill', () => {
  it.each(readdirSync(folder).filter((name) => name.endsWith('.yaml')))('accepts %s', (name) => {
    const drill = parseDrill(readFileSync(new URL(name, folder), 'utf8'), name);
    expect(`${drill.metadata.name}.yaml`).toBe(name);
    expect(blastRadiusProblems(drill, ['backend-1', 'backend-2'])).toEqual([]);
  });

  it('reads durations as seconds', () => {
    expect(parseDrill(withValue('faults.0.for', '1.5m'), 'drill.yaml').faults[0]?.for).toBe(90);
  });

  it.each([
    ['faults.0.for', '12', 'faults.0.for: expected a duration such as 500ms, 12s or 1.5m (got "12")'],
    ['faults.0.fault', 'htp-error', 'faults.0.fault: expected one of http-error (got "htp-error")'],
    ['faults.0.args.ratio', 1.5, 'faults.0.args.ratio: Too big: expected number to be <=1 (got 1.5)'],
    [
      'load.ratePerSecond',
      undefined,
      'load.ratePerSecond: Invalid input: expected number, received undefined (got nothing)',
    ],
    ['stack.timeScale', 301, 'stack.timeScale: Too big: expected number to be <=300 (got 301)'],
  ])('names field, value and expectation when %s is %s', (path, value, problem) => {
    expect(problems(withValue(path, value))).toEqual([problem]);
  });

  it('refuses a field that it does not know', () => {
    expect(problems(withValue('faults.0.until', '3s'))[0]).toContain('until');
  });

  it('refuses a drill without faults that does not say how long to watch', () => {
    expect(problems(withValue('faults', []))).toEqual([
      'observeFor: missing; a drill without faults says how long to watch',
    ]);
  });

  it('refuses what is not YAML', () => {
    expect(problems('a: [')[0]).toMatch(/^not YAML/);
  });
});

describe('blastRadiusProblems', () => {
  const drill = parseDrill(text, 'drill.yaml');

  it('refuses a target outside the stack', () => {
    expect(blastRadiusProblems(drill, ['backend-1'])).toEqual([
      'faults.0.target: expected one of backend-1 (got "backend-2")',
    ]);
  });

  it('refuses more targets and more time than the drill allows itself', () => {
    const careful = { ...drill, blastRadius: { maxTargets: 0, maxDuration: 5 } };
    expect(blastRadiusProblems(careful, ['backend-2'])).toEqual([
      'blastRadius.maxTargets: expected at most 0 different targets (got 1)',
      'blastRadius.maxDuration: expected the last fault to end within 5 s (got 12 s)',
    ]);
  });
});
