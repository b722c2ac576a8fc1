import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { toolsFor } from '#tests/support/tools.ts';
import { archiveScript, keepFromAborting } from './archive.ts';
import { flagsWithoutValue, shortFlags } from './arguments.ts';

const script = `
import { check } from 'k6';
import exec from 'k6/execution';
const said = open('./said.txt');
export const options = {
  iterations: 3,
  thresholds: {
    checks: ['rate>0.9', { threshold: 'rate>0.99', abortOnFail: true, delayAbortEval: '1m30s' }],
    iterations: [{ threshold: 'count<0', abortOnFail: false }],
    [__ENV.MORE]: ['avg<1'],
  },
};
export default function () {
  check(exec, { [said]: () => false });
}
`;

it('thresholds are read as options and environment make them, and k6 no longer ends a run for those that others decide', async () => {
  await using directory = await temporaryDirectory();
  const { k6 } = await toolsFor('k6');
  const [source, file] = [join(directory.path, 'a.js'), join(directory.path, 'a.tar')];
  writeFileSync(source, script);
  writeFileSync(join(directory.path, 'said.txt'), 'ends');
  const { signal } = new AbortController();
  const args = ['-e', 'MORE=http_req_duration'];
  const thresholds = await archiveScript({ k6, script: source, args, file, signal });
  expect(thresholds.map(({ name, abortAfterSeconds }) => [name, abortAfterSeconds])).toEqual([
    ['checks: rate>0.9', undefined],
    ['checks: rate>0.99', 90],
    ['http_req_duration: avg<1', undefined],
    ['iterations: count<0', undefined],
  ]);

  await keepFromAborting(file, thresholds);
  const again = await archiveScript({ k6, script: file, args, file: join(directory.path, 'b.tar'), signal });
  expect(again.map(({ name }) => name)).toEqual(thresholds.map(({ name }) => name));
  expect(again.every(({ abortAfterSeconds }) => abortAfterSeconds === undefined)).toBe(true);
  const run = await execa(k6, ['run', '--quiet', '--address', '', ...args, file], {
    reject: false,
    cwd: directory.path,
  });
  expect(run.stdout).toContain('ends');
  expect(run.exitCode).toBe(99);
});

it('flags are those of the k6 that is run', async () => {
  const { k6 } = await toolsFor('k6');
  const { stdout } = await execa(k6, ['run', '--help']);
  const lines = [...stdout.matchAll(/^ {2}(?:-(\w), | {4})--([\w-]+)( \w.*?)?(?: {2,}|$)/gm)];
  expect(lines.length).toBeGreaterThan(45);
  const withoutValue = lines.filter(([, , name, value]) => value === undefined || name === 'http-debug');
  expect(new Set(withoutValue.map(([, , name]) => name))).toEqual(flagsWithoutValue);
  const short = lines.flatMap(([, letter, name]) => (letter === undefined ? [] : [[letter, name]]));
  expect(Object.fromEntries(short)).toEqual(shortFlags);
});
