import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml, stringify } from 'yaml';
import { faults } from '#catalog/faults/faults.ts';
import { replicaNames } from '#catalog/services.ts';
import { formatFault, type TextFault } from '#documents/fault.ts';
import { blastRadiusProblems } from './blast-radius.ts';
import { DrillError } from './drill-error.ts';
import { parseDrill } from './parse.ts';

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
  return faultsOf(changed).map(({ path, message }) => `${path}: ${message}`);
}

function lines(changed: string): readonly string[] {
  return faultsOf(changed).map(formatFault);
}

function faultsOf(changed: string): readonly TextFault[] {
  try {
    parseDrill(changed, 'drill.yaml');
    return [];
  } catch (error) {
    if (error instanceof DrillError) return error.faults;
    throw error;
  }
}

describe('parseDrill', () => {
  it.each(readdirSync(folder).filter((name) => name.endsWith('.yaml')))('accepts %s', (name) => {
    const drill = parseDrill(readFileSync(new URL(name, folder), 'utf8'), name);
    expect(`${drill.metadata.name}.yaml`).toBe(name);
    const replicas = replicaNames(drill.stack.replicas);
    expect(blastRadiusProblems(drill, replicas)).toEqual([]);
    const { maxShare } = drill.blastRadius;
    const less = { ...drill, blastRadius: { ...drill.blastRadius, maxShare: maxShare - 0.01 } };
    expect(maxShare === 0 || blastRadiusProblems(less, replicas).length === 1).toBe(true);
  });

  it('reads durations as seconds', () => {
    expect(parseDrill(withValue('faults.0.for', '1.5m'), 'drill.yaml').faults[0]?.for).toBe(90);
  });

  it.each([
    ['faults.0.for', '12', 'faults[0].for: expected a duration such as 500ms, 12s or 1.5m (got "12")'],
    [
      'faults.0.fault',
      'htp-error',
      `faults[0].fault: expected one of ${Object.keys(faults).join(', ')} (got "htp-error")`,
    ],
    ['faults.0.args.ratio', 1.5, 'faults[0].args.ratio: expected a number from 0 to 1 (got 1.5)'],
    ['load.ratePerSecond', undefined, 'load.ratePerSecond: expected number (got nothing)'],
    ['stack.timeScale', 301, 'stack.timeScale: expected number to be <=300 (got 301)'],
    ['faults.0.for', '0s', 'faults[0].for: expected more than 0s (got "0s")'],
    ['faults.0.lease', '1ms', 'faults[0].lease: expected 1s to 60s (got "1ms")'],
    ['faults.0.until', '3s', 'faults[0].until: there is no such field (got "3s")'],
    ['faults.0.args.rate', 1, 'faults[0].args.rate: there is no such field (got 1)'],
    ['steadyState.holdFor', '61s', 'steadyState.holdFor: expected no more than steadyState.within (got "61s")'],
    ['timeLimit', '12s', 'timeLimit: expected more than 12 s, which faults or watching take (got 12 s)'],
    ['observeFor', '16m', 'timeLimit: expected more than 960 s, which faults or watching take (got 600 s)'],
    ['timeLimit', '59m', 'timeLimit: expected less than 3540 s, as the load ends then (got 3540 s)'],
    [
      'steadyState.probes.0.http',
      undefined,
      'steadyState.probes[0]: expected a name and one of http, promql, logql, trace, process, alert, alerts (got {"name":"users get data"})',
    ],
    [
      'steadyState.probes.1.promql.tolerance',
      { atLeast: 2, atMost: 1 },
      'steadyState.probes[1].promql.tolerance: expected atLeast to be no more than atMost (got {"atLeast":2,"atMost":1})',
    ],
    [
      'expect.mustFire.0.within',
      'soon',
      'expect.mustFire[0].within: expected limit, or a duration such as 12s (got "soon")',
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

  it.each([
    ['a: [', /^drill.yaml:1:5: not readable as YAML: .+$/],
    ['', /^drill.yaml: expected a drill, found nothing$/],
    [`${text}---\n${text}`, /^drill.yaml:\d+:1: document 2: expected one drill a file/],
    [text.replace('ratio: 1', 'ratio: 2'), /^drill.yaml:\d+:13: faults\[0\].args.ratio: expected a number from 0 to 1/],
  ])('says where in the file it is wrong (%#)', (given, line) => {
    expect(lines(given)).toEqual([expect.stringMatching(line)]);
  });

  it.each([
    [{ component: 'backend-3', cause: 'none' }, 'answer[0].component: expected one of postgres'],
    [{ component: 'network' }, 'answer: expected component and cause, or a list of them'],
    [{ component: 'network', cause: 'gremlins' }, 'answer.cause: expected one of'],
    [[], 'answer: expected array to have >=1 items (got [])'],
  ])('refuses the answer %j', (answer, problem) => {
    expect(problems(withValue('answer', answer))).toEqual([expect.stringContaining(problem)]);
  });

  it('takes one answer as a list of one, and the edge for nginx', () => {
    const answer = { component: 'edge', cause: 'edge-misconfigured' };
    expect(parseDrill(withValue('answer', answer), 'drill.yaml').answer).toEqual([answer]);
  });

  it('refuses a mitigation of a fault that there is not', () => {
    const mitigations = [{ does: 'restarts it', operation: { name: 'restart' }, ends: [0, 1] }];
    expect(problems(withValue('mitigations', mitigations))).toEqual([
      'mitigations[0].ends[1]: expected 0 to 0 (got 1)',
    ]);
  });
});

describe('blastRadiusProblems', () => {
  const drill = parseDrill(text, 'drill.yaml');

  it('refuses a target outside the stack', () => {
    expect(blastRadiusProblems(drill, ['backend-1'])).toEqual([
      { path: ['faults', 0, 'target'], message: 'expected one of backend-1 (got "backend-2")' },
    ]);
  });

  it('refuses more targets and more time than the drill allows itself', () => {
    const careful = { ...drill, blastRadius: { maxTargets: 0, maxDuration: 5, maxShare: 1 } };
    expect(blastRadiusProblems(careful, ['backend-2']).map(({ message }) => message)).toEqual([
      'expected at least 1, as many as there are different targets (got 0)',
      'expected at least 12 s, when the last fault ends (got 5 s)',
    ]);
  });

  it.each([
    [[['latency', 'backend-2']], 'expected at least 0.5, as of 2 replicas backend-2 may be broken (got 0)'],
    [
      [
        ['latency', 'backend-2'],
        ['process-pause', 'backend-2'],
        ['network-latency', 'backend-1'],
      ],
      'expected at least 1, as of 2 replicas backend-2, backend-1 may be broken (got 0)',
    ],
    [[['telemetry-down', 'loki']], undefined],
    [[], undefined],
    [
      [['network-latency', 'valkey-queues']],
      'expected at least 1, as network-latency on valkey-queues can reach every request (got 0)',
    ],
    [
      [['edge-rate-limit', 'nginx']],
      'expected at least 1, as edge-rate-limit on nginx can reach every request (got 0)',
    ],
    [
      [
        ['telemetry-down', 'loki'],
        ['table-lock', 'backend-1'],
      ],
      'expected at least 1, as table-lock on backend-1 can reach every request (got 0)',
    ],
  ] as const)('refuses %j for a share of all requests that it can reach', (broken, message) => {
    const [usual] = drill.faults;
    const given = {
      ...drill,
      faults: broken.flatMap(([fault, target]) => (usual ? [{ ...usual, fault, target }] : [])),
      blastRadius: { maxTargets: 9, maxDuration: 60, maxShare: 0 },
    };
    const problems = blastRadiusProblems(given, replicaNames(2));
    expect(problems.map((problem) => problem.message)).toEqual(message === undefined ? [] : [message]);
  });

  it('lets one of three replicas be about a third', () => {
    const a = (maxShare: number) => ({ ...drill, blastRadius: { ...drill.blastRadius, maxShare } });
    expect(blastRadiusProblems(a(0.34), replicaNames(3))).toEqual([]);
    expect(blastRadiusProblems(a(0.33), replicaNames(3)).map(({ path }) => path)).toEqual([
      ['blastRadius', 'maxShare'],
    ]);
  });
});
