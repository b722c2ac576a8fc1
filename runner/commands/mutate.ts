import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import {
  type Equivalents,
  readEquivalents,
  staleEquivalents,
  withEquivalents,
} from '#observability/mutants/equivalents.ts';
import { RunnerError } from '../errors.ts';
import { renderJson } from '../mutate/report/json.ts';
import { renderMarkdown } from '../mutate/report/markdown.ts';
import { reportOf } from '../mutate/report/report.ts';
import { renderTerminal } from '../mutate/report/terminal.ts';
import { foreignTests } from '../mutate/rules/foreign.ts';
import { proveRules, type RuleProof } from '../mutate/rules/prove-rules.ts';
import { shippedTests } from '../mutate/rules/shipped.ts';
import { projectFile } from '../project.ts';
import { say } from '../terminal.ts';
import { hashOf } from '../toolchain/cache.ts';
import { integer, numberWithin } from './options.ts';
import { allTools, type Session } from './session.ts';

export interface MutateOptions {
  readonly rules?: readonly string[];
  readonly tests?: readonly string[];
  readonly only?: readonly string[];
  readonly sample?: number;
  readonly equivalents?: string;
  readonly atLeast: number;
  readonly remember: boolean;
  /** Of `prove` itself. */
  readonly seed?: string;
  readonly json?: string;
  readonly markdown?: string;
}

/** What `prove` takes beside its own when it mutates. */
export function addMutateOptions(prove: Command): Command {
  return prove
    .option('--mutate', 'change each rule, one mistake at a time, and see whether its tests notice')
    .option('--rules <files...>', 'with --mutate: your own rule files, instead of those of this stack')
    .option('--tests <files...>', 'with --mutate: your own tests for promtool')
    .option('--only <names...>', 'with --mutate: only these alerts or recording rules, or ids that begin so')
    .addOption(
      new Option('--sample <n>', 'with --mutate: so many mutants, drawn by the seed').argParser(integer(1, 1e6)),
    )
    .option('--equivalents <file>', 'with --mutate: mutants that nothing can notice, each with its reason')
    .addOption(
      new Option('--at-least <percent>', 'with --mutate: the share of mutants that has to be killed')
        .argParser(numberWithin(0, 100))
        .default(95),
    )
    .option('--no-remember', 'with --mutate: ask again what the cache has an answer for');
}

/** @throws RunnerError USAGE: without --mutate they would do nothing */
export function assertNoMutateOptions(options: Partial<MutateOptions>): void {
  const given = (['rules', 'tests', 'only', 'sample', 'equivalents'] as const).find(
    (name) => options[name] !== undefined,
  );
  if (given !== undefined) {
    throw new RunnerError('USAGE', `--${given}: expected only with --mutate (got "${options[given]}")`);
  }
}

/** @returns the exit code: 0 when enough are killed, 1 when not */
export async function mutate(options: MutateOptions, session: Session): Promise<number> {
  const { atLeast, remember, only = [], sample, seed = '1' } = options;
  const proof = await proofOf(options);
  const equivalents = await equivalentsOf(options);
  const { promtool } = await allTools(session, false, ['promtool']);
  await using directory = await temporaryDirectory();
  const outcomes = await proveRules(proof, {
    ...session,
    promtool,
    promtoolVersion: await hashOf([], [promtool]),
    directory: directory.path,
    selection: { only, seed, ...(sample === undefined ? {} : { sample }) },
    jobs: availableParallelism(),
    remember,
  });
  if (outcomes.length === 0) throw new RunnerError('USAGE', '--only: expected a name of a rule, found no mutant of it');
  const judged = withEquivalents(outcomes, equivalents);
  const complete = only.length === 0 && sample === undefined;
  const stale = staleEquivalents(judged, equivalents, { complete });
  const report = reportOf(judged, { atLeast: atLeast / 100, stale });
  say(renderTerminal(report));
  if (options.json) await writeFile(options.json, renderJson(report));
  if (options.markdown) await writeFile(options.markdown, renderMarkdown(report));
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (summary) await appendFile(summary, renderMarkdown(report));
  return report.held ? 0 : 1;
}

async function proofOf({ rules, tests }: MutateOptions): Promise<RuleProof> {
  if (tests) return foreignTests(rules ?? [], tests);
  if (rules)
    throw new RunnerError('USAGE', '--tests: expected tests for promtool, because --rules are not of this stack');
  const shipped = await shippedTests(1);
  return { tests: shipped, files: [...new Set(shipped.flatMap(({ files }) => files))] };
}

/** Of the shipped rules, the committed list. */
async function equivalentsOf({ equivalents, tests }: MutateOptions): Promise<Equivalents> {
  const path = equivalents ?? (tests ? undefined : projectFile('observability/mutants/equivalents.yaml'));
  if (path === undefined) return new Map();
  try {
    return readEquivalents(path, await readFile(path, 'utf8'));
  } catch (error) {
    throw new RunnerError('USAGE', (error as Error).message, { cause: error });
  }
}

async function temporaryDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'firedrill-mutants-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
