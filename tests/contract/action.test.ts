import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectFile } from '#runner/project.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { firedrill } from '#tests/support/firedrill.ts';

const { inputs, runs } = z
  .object({
    inputs: z.record(z.string(), z.object({ description: z.string(), default: z.string() })),
    runs: z.object({
      using: z.literal('composite'),
      steps: z.tuple([z.object({ shell: z.literal('bash'), env: z.record(z.string(), z.string()), run: z.string() })]),
    }),
  })
  .parse(parse(readFileSync(projectFile('action.yml'), 'utf8')));
const [{ env, run }] = runs.steps;

it('the action calls the gate with what it was given, by options that there are', async () => {
  const given = { scenario: 'browse', path: '/a /b*', slo: 'one.yaml two.yaml', target: 'http://a b' };
  const args = await calledWith({ ...Object.fromEntries(Object.keys(inputs).map((name) => [name, name])), ...given });
  expect(args).toEqual(
    [
      'gate browse --config config --target|http://a b|--prometheus prometheus --rate rate',
      '--max-duration max-duration --baseline baseline --junit junit --json json --badge badge',
      '--slo one.yaml two.yaml --path /a /b*',
    ].flatMap((line) => line.split('|').flatMap((part) => (part.startsWith('http') ? part : part.split(' ')))),
  );
  const { stdout } = await firedrill(['gate', '--help']);
  expect(args.filter((word) => word.startsWith('--') && !stdout.includes(`  ${word} `))).toEqual([]);
});

it('the action calls the gate with nothing where it was given nothing', async () => {
  const defaults = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.default]));
  expect(await calledWith(defaults)).toEqual(['gate']);
});

/** What a stand-in for firedrill is called with. */
async function calledWith(values: Readonly<Record<string, string>>): Promise<readonly string[]> {
  await using directory = await temporaryDirectory();
  const standIn = join(directory.path, 'firedrill');
  writeFileSync(standIn, '#!/bin/sh\nprintf "%s\\n" "$@"\n');
  chmodSync(standIn, 0o755);
  const filled = Object.entries(env).map(([name, text]) => [
    name,
    text.replace(/^\$\{\{ inputs\.([a-z-]+) \}\}$/, (_, input: string) => values[input] ?? `no input ${input}`),
  ]);
  const variables = { ...Object.fromEntries(filled), GITHUB_ACTION_PATH: directory.path };
  const { stdout } = await execa('bash', ['-e', '-c', run], { env: variables });
  return stdout.split('\n');
}
