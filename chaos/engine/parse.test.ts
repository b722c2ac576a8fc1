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
    ['faults.0.args.ratio', 1.5, 'faults.0.args.ratio: expected a number from 0 to 1 (got 1.5)'],
    ['load.ratePerSecond', undefined, 'load.ratePerSecond: expected number (got nothing)'],
    ['stack.timeScale', 301, 'stack.timeScale: expected number to be <=300 (got 301)'],
    ['faults.0.for', '0s', 'faults.0.for: expected more than 0s (got "0s")'],
    ['faults.0.lease', '1ms', 'faults.0.lease: expected 1s to 60s (got "1ms")'],
    ['faults.0.until', '3s', 'faults.0.until: there is no such field (got "3s")'],
    ['faults.0.args.rate', 1, 'faults.0.args.rate: there is no such field (got 1)'],
    ['steadyState.holdFor', '61s', 'steadyState.holdFor: expected no more than steadyState.within (got "61s")'],
    [
      'steadyState.probes.0.http',
      undefined,
      'steadyState.probes.0: expected a name and one of http, promql, logql, trace, process, alert, alerts (got {"name":"users get data"})',
    ],
    [
      'steadyState.probes.1.promql.tolerance',
      { atLeast: 2, atMost: 1 },
      'steadyState.probes.1.promql.tolerance: expected atLeast to be no more than atMost (got {"atLeast":2,"atMost":1})',
    ],
    [
      'expect.mustFire.0.within',
      'soon',
      'expect.mustFire.0.within: expected limit, or a duration such as 12s (got "soon")',
    ],
  ])('names field, value and expectation when %s is %s', (path, value, problem) => {
    expect(problems(withValue(path, value))).toEqual([problem]);
  });

  it('refuses a drill without faults that does not say how long to watch', () => {
    expect(problems(withValue('faults', []))).toEqual([
      'observeFor: missing; a drill without faults says how long to watch',
      'expect.mustFire: expected none, because nothing is broken: there are no faults',
    ]);
  });

  it('says in one line why a file is not YAML, and where', () => {
    expect(problems('a: [')).toEqual([expect.stringMatching(/^not YAML: .+ at line 1, column \d+$/)]);
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
