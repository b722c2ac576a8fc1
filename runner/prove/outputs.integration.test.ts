import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { baselineSchema } from '#chaos/prove/baseline.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { readBaselineFile } from '../baseline-file.ts';
import { proofOutputs } from './outputs.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
const at = (name: string) => join(directory.path, name);

beforeAll(async () => {
  directory = await temporaryDirectory();
  mkdirSync(at('folder'));
  writeFileSync(at('file'), '{');
});

afterAll(() => directory[Symbol.asyncDispose]());

it.each([
  ['a folder', 'folder', 'EISDIR'],
  ['below a file', 'file/proof.json', 'EEXIST'],
])('%s is refused as a place to write to, before anything is played', (_what, name, code) => {
  const message = `--json: expected a file to write to (got "${at(name)}": ${code})`;
  expect(() => proofOutputs.prepare({ json: at(name) })).toThrow(expect.objectContaining({ code: 'USAGE', message }));
});

it('folders are made, files are not', () => {
  proofOutputs.prepare({ html: at('new/deeper/proof.html') });
  expect(existsSync(at('new/deeper'))).toBe(true);
  expect(existsSync(at('new/deeper/proof.html'))).toBe(false);
});

it.each([
  ['missing', false, 'ENOENT'],
  ['folder', false, 'EISDIR'],
  ['folder', true, 'EISDIR'],
  ['file', true, 'Expected property name'],
])('a baseline that cannot be compared with is refused: %s, may be absent: %s', (name, mayBeAbsent, why) => {
  const message = expect.stringMatching(new RegExp(`^--baseline: expected .* \\(got "${at(name)}": ${why}`));
  expect(() => readBaselineFile(at(name), baselineSchema, { mayBeAbsent })).toThrow(
    expect.objectContaining({ code: 'USAGE', message }),
  );
});

it('a baseline that is about to be made need not be there', () => {
  expect(readBaselineFile(at('missing'), baselineSchema, { mayBeAbsent: true })).toBeUndefined();
});
