import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse as parseYaml, stringify } from 'yaml';
import type { Drill } from '#chaos/engine/drill.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { firedrill } from '#tests/support/firedrill.ts';
import { silence } from '#tests/support/native.ts';
import { checkQueries, loadDrill } from './drill-file.ts';
import { projectFile } from './project.ts';
import { ensureTools } from './toolchain/toolchain.ts';

it.each<[string, (drill: Drill) => unknown, RegExp]>([
  [
    'a scenario',
    ({ load }) => Object.assign(load, { scenario: 'brwse' }),
    /drill.yaml:\d+:\d+: load.scenario: expected one of .*browse.* \(got "brwse"\)/,
  ],
  [
    'an alert that must fire',
    ({ expect: { mustFire } }) => Object.assign(mustFire[0] ?? {}, { alert: 'EdgeIsDown' }),
    /expect.mustFire\[0\].alert: expected one of .*HighErrorRate.* \(got "EdgeIsDown"\)/,
  ],
  [
    'an alert that may fire',
    (drill) => Object.assign(drill.expect, { mayFire: ['EdgeIsDown'] }),
    /expect.mayFire\[0\]: expected one of .*HighErrorRate.* \(got "EdgeIsDown"\)/,
  ],
  [
    'a closed form',
    ({ expect: { mustFire } }) => Object.assign(mustFire[0] ?? {}, { alert: 'HighErrorRate' }),
    /expect.mustFire\[0\].within: expected a duration, as HighErrorRate has no closed form \(got "limit"\)/,
  ],
  [
    'an operation on a target',
    ({ mitigations }) => Object.assign(mitigations[0] ?? {}, { operation: { name: 'restart', target: 'postgres' } }),
    /mitigations\[0\].operation.target: expected one of backend-1, backend-2 \(got "postgres"\)/,
  ],
  [
    'a release to go back to',
    ({ mitigations }) => Object.assign(mitigations[0] ?? {}, { operation: { name: 'rollback', target: 'postgres' } }),
    /operation.target: expected one of backend-1, backend-2, nginx, valkey \(got "postgres"\)/,
  ],
  [
    'a service to start',
    ({ mitigations }) => Object.assign(mitigations[0] ?? {}, { operation: { name: 'start', target: 'toxiproxy' } }),
    /operation.target: expected one of postgres, valkey, valkey-queues, backend-1, .* \(got "toxiproxy"\)/,
  ],
  [
    'a number of replicas',
    ({ mitigations }) => Object.assign(mitigations[0] ?? {}, { operation: { name: 'scale', target: '3' } }),
    /operation.target: expected one of 1, 2 \(got "3"\)/,
  ],
  [
    'a target of what has none',
    ({ mitigations }) => Object.assign(mitigations[0] ?? {}, { operation: { name: 'flush', target: 'valkey' } }),
    /operation.target: expected none, as flush takes none \(got "valkey"\)/,
  ],
])('a drill that names %s which is not there is refused', async (_what, change, problem) => {
  await using directory = await temporaryDirectory();
  const drill = parseYaml(readFileSync(projectFile('chaos/drills/sick-replica.yaml'), 'utf8'));
  change(drill);
  const file = join(directory.path, 'drill.yaml');
  writeFileSync(file, stringify(drill));
  await expect(loadDrill(file)).rejects.toMatchObject({ code: 'USAGE', message: expect.stringMatching(problem) });
});

it('a drill with a query that is not PromQL is refused in the words of Prometheus', async () => {
  const { promtool } = await ensureTools({
    progress: silence,
    signal: new AbortController().signal,
    only: ['promtool'],
  });
  const drill = await loadDrill('sick-replica');
  await checkQueries(drill, promtool);
  const slis = drill.expect.slis.map((sli) => ({ ...sli, query: 'sum((' }));
  await expect(checkQueries({ ...drill, expect: { ...drill.expect, slis } }, promtool)).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('expect.slis.0.query: expected PromQL (got "sum((": 1:6: parse error: unclosed'),
  });
});

it('a new drill is sound as it is, and is not written over another', async () => {
  await using directory = await temporaryDirectory();
  const make = ['drill', 'new', 'my-first', '--folder', directory.path];
  expect(await firedrill(make)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('fill in') });
  const file = join(directory.path, 'my-first.yaml');
  expect(await firedrill(['drill', 'lint', file])).toMatchObject({
    exitCode: 0,
    stdout: `✓ ${file}: Fill in what happens, in the words of whoever is paged`,
  });
  writeFileSync(file, 'mine');
  expect(await firedrill(make)).toMatchObject({
    exitCode: 2,
    stderr: `name: expected a name that is not taken (got ${file})`,
  });
  expect(readFileSync(file, 'utf8')).toBe('mine');
});

it('the lint says all that is wrong with every file, line by line', async () => {
  await using directory = await temporaryDirectory();
  const sick = readFileSync(projectFile('chaos/drills/sick-replica.yaml'), 'utf8');
  const file = join(directory.path, 'drill.yaml');
  writeFileSync(file, sick.replace('target: backend-2', 'target: backend-9').replace('browse', 'brwse'));
  const { exitCode, stdout } = await firedrill(['drill', 'lint', file, 'no-fault']);
  const lineOf = (words: string) => 1 + sick.split('\n').findIndex((line) => line.includes(words));
  expect(stdout.split('\n')).toEqual([
    expect.stringContaining(`✗ ${file}:${lineOf('target: backend-2')}:5: faults[0].target: expected one of backend-1`),
    expect.stringContaining(`✗ ${file}:${lineOf('browse')}:3: load.scenario: expected one of browse`),
    '✓ no-fault: Nothing is broken, and nothing may page',
  ]);
  expect(exitCode).toBe(1);
});
