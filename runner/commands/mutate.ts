import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import {
  type Equivalents,
  readEquivalents,
  staleEquivalents,
  withEquivalents,
} from '#observability/mutants/equivalents.ts';
import type { Mutant } from '#observability/mutants/mutant.ts';
import type { Outcome } from '#observability/mutants/outcome.ts';
import { RunnerError } from '../errors.ts';
import { playSurvivors } from '../mutate/live/play-survivors.ts';
import { type MutationProof, ofRules, shippedProofs } from '../mutate/proofs.ts';
import { renderJson } from '../mutate/report/json.ts';
import { renderMarkdown } from '../mutate/report/markdown.ts';
import { type MutationReport, reportOf } from '../mutate/report/report.ts';
import { renderTerminal } from '../mutate/report/terminal.ts';
import { foreignTests } from '../mutate/rules/foreign.ts';
import { selected } from '../mutate/selection.ts';
import { outputFiles } from '../output-files.ts';
import { projectFile } from '../project.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { say } from '../terminal.ts';
import { integer, numberWithin, type PortOptions, portsOf, type RuntimeOptions, type StateOptions } from './options.ts';
import type { Session } from './session.ts';

export interface MutateOptions extends PortOptions, RuntimeOptions, StateOptions {
  readonly rules?: readonly string[];
  readonly tests?: readonly string[];
  readonly only?: readonly string[];
  readonly sample?: number;
  readonly equivalents?: string;
  readonly atLeast: number;
  readonly remember: boolean;
  readonly live?: boolean;
  readonly install?: boolean;
  /** Of `prove` itself. */
  readonly seed?: string;
  readonly json?: string;
  readonly markdown?: string;
}

/** What `prove` takes beside its own when it mutates. */
export function addMutateOptions(prove: Command): Command {
  return prove
    .option('--mutate', 'change each rule, route and inhibition, one mistake at a time, and see whether a test notices')
    .option('--rules <files...>', 'with --mutate: your own rule files, instead of those of this stack')
    .option('--tests <files...>', 'with --mutate: your own tests for promtool')
    .option(
      '--only <names...>',
      'with --mutate: only these alerts, recording rules, routes, inhibitions or receivers, or ids that begin so',
    )
    .addOption(
      new Option('--sample <n>', 'with --mutate: so many mutants, drawn by the seed').argParser(integer(1, 1e6)),
    )
    .option('--equivalents <file>', 'with --mutate: mutants that nothing can notice, each with its reason')
    .addOption(
      new Option('--at-least <percent>', 'with --mutate: the share of mutants that has to be killed')
        .argParser(numberWithin(0, 100))
        .default(95),
    )
    .option('--live', 'with --mutate: play what survives in the drills that need its alert, on a stack of processes')
    .option('--no-remember', 'with --mutate: ask again what the cache has an answer for');
}

/** @throws RunnerError USAGE: without --mutate they would do nothing */
export function assertNoMutateOptions(options: Partial<MutateOptions>): void {
  const given = (['rules', 'tests', 'only', 'sample', 'equivalents', 'live'] as const).find(
    (name) => options[name] !== undefined,
  );
  if (given !== undefined) {
    throw new RunnerError('USAGE', `--${given}: expected only with --mutate (got "${options[given]}")`);
  }
}

/** @returns the exit code: 0 when enough are killed, 1 when not */
export async function mutate(options: MutateOptions, session: Session): Promise<number> {
  const { atLeast, only = [], sample, seed = '1' } = options;
  if (options.live) assertPlayable(options);
  const proofs = await proofsOf(options);
  const equivalents = await equivalentsOf(options);
  const meant = selected(
    proofs.flatMap(({ mutants }) => mutants),
    { only, seed },
  );
  const chosen = new Set<Mutant>(sample === undefined ? meant : selected(meant, { only: [], seed, sample }));
  if (chosen.size === 0) {
    throw new RunnerError(
      'USAGE',
      '--only: expected a name of a rule, a route or an inhibition, found no mutant of it',
    );
  }
  await using directory = await temporaryDirectory('firedrill-mutants-');
  const outcomes: Outcome[] = [];
  for (const { play } of proofs) {
    outcomes.push(...(await play(chosen, { ...options, ...session, directory: directory.path })));
  }
  const listed = withEquivalents(outcomes, equivalents);
  const judged = options.live
    ? await playSurvivors(listed, { ...options, ...session, ports: portsOf(options) })
    : listed;
  const complete = only.length === 0 && sample === undefined;
  const stale = staleEquivalents(judged, equivalents, { complete });
  const report = reportOf(judged, {
    atLeast: atLeast / 100,
    stale,
    ...(chosen.size < meant.length ? { drawnFrom: meant.length } : {}),
  });
  say(renderTerminal(report));
  mutationOutputs.write(report, options);
  return report.held ? 0 : 1;
}

const mutationOutputs = outputFiles<MutationReport, 'json'>({ json: renderJson, markdown: renderMarkdown });

/** @throws RunnerError USAGE for rules that no drill of ours knows, and for containers, which read their rules once */
function assertPlayable({ tests, runtime }: MutateOptions): void {
  if (tests) throw new RunnerError('USAGE', '--live: expected without --tests, because drills are of this stack');
  if (runtime === 'compose') {
    throw new RunnerError('USAGE', '--runtime: expected native with --live (got "compose")');
  }
}

/** Of somebody else's rules, or of the rules and the notifications of this stack. */
async function proofsOf({ rules, tests }: MutateOptions): Promise<readonly MutationProof[]> {
  if (tests) return [ofRules(await foreignTests(rules ?? [], tests))];
  if (rules) {
    throw new RunnerError('USAGE', '--tests: expected tests for promtool, because --rules are not of this stack');
  }
  return await shippedProofs();
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
