import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { type Command, Option } from 'commander';
import type { Drill } from '#chaos/engine/drill.ts';
import { baselineOf, baselineSchema, grownBaseline, updatedBaseline } from '#chaos/prove/baseline.ts';
import type { Episode } from '#chaos/prove/episode.ts';
import { type Proof, proofOf } from '#chaos/prove/proof.ts';
import { renderProof } from '#chaos/prove/render/terminal.ts';
import { readBaselineFile } from '../baseline-file.ts';
import { checkQueries, drillNames, loadDrill } from '../drill-file.ts';
import { RunnerError } from '../errors.ts';
import { renderJson, writeTo } from '../output-files.ts';
import { projectFile } from '../project.ts';
import { type OutputOptions, proofOutputs } from '../prove/outputs.ts';
import { type PlannedEpisode, playAll } from '../prove/play-all.ts';
import { sideBySide } from '../prove/side-by-side.ts';
import { openStage, shapeOf } from '../prove/stage.ts';
import { taskQueue } from '../prove/task-queue.ts';
import { alertNames } from '../rules.ts';
import { timedDirectory } from '../state.ts';
import { paint, say } from '../terminal.ts';
import { type ChosenRuntime, chooseRuntime } from './choose-runtime.ts';
import { describeCrash } from './crash.ts';
import { addMutateOptions, assertNoMutateOptions, type MutateOptions, mutate } from './mutate.ts';
import {
  freePortsOption,
  install,
  integer,
  type PortOptions,
  portOffset,
  portsOf,
  type RuntimeOptions,
  runtime,
  type StateOptions,
  stateDirectory,
} from './options.ts';
import type { Session } from './session.ts';

interface ProveOptions extends PortOptions, RuntimeOptions, StateOptions, OutputOptions, MutateOptions {
  readonly mutate?: boolean;
  readonly jobs: number;
  readonly repeat: number;
  readonly seed?: string;
  readonly baseline: string | false;
  readonly updateBaseline?: boolean;
  readonly addToBaseline?: boolean;
  readonly install?: boolean;
}

export function addProve(program: Command, session: Session): void {
  const command = program
    .command('prove')
    .description(
      'play drills and prove the alerts by them; exit 0 held, 1 deviated or worse than the baseline, 2 usage, 3 the harness failed',
    )
    .argument('[drills...]', 'names in chaos/drills, or paths to drill files; all of chaos/drills when absent')
    .addOption(
      new Option('--repeat <n>', 'how often each drill is played')
        .argParser(integer(1, 1000))
        .default(1)
        .conflicts('mutate'),
    )
    .addOption(
      new Option('--jobs <n>', 'stacks side by side, where memory allows')
        .argParser(integer(1, 16))
        .default(1)
        .conflicts('mutate'),
    )
    .option('--seed <seed>', "what decides which requests fail; each drill's own when absent, else made up")
    .option('--json <file>', 'write the proof as JSON')
    .addOption(new Option('--junit <file>', 'write the proof as JUnit XML').conflicts('mutate'))
    .option(
      '--markdown <file>',
      'write the proof as Markdown; always appended to $GITHUB_STEP_SUMMARY where that is set',
    )
    .addOption(new Option('--html <file>', 'write the proof as one HTML page').conflicts('mutate'))
    .addOption(
      new Option('--baseline <file>', 'what to compare with')
        .default(projectFile('chaos/baseline.json'), 'chaos/baseline.json')
        .conflicts('mutate'),
    )
    .option('--no-baseline', 'compare with nothing')
    .addOption(
      new Option(
        '--update-baseline',
        'write what was seen of the drills that held into the baseline, which need not be there',
      ).conflicts(['mutate', 'addToBaseline']),
    )
    .addOption(
      new Option('--add-to-baseline', 'the same, on top of what the baseline says of these drills').conflicts('mutate'),
    )
    .addOption(runtime())
    .addOption(portOffset())
    .addOption(freePortsOption())
    .addOption(install())
    .addOption(stateDirectory());
  addMutateOptions(command).action(async (names: readonly string[], options: ProveOptions) => {
    if (options.mutate && names.length > 0) {
      throw new RunnerError('USAGE', `drills: expected none with --mutate, see --only (got "${names.join(' ')}")`);
    }
    proofOutputs.prepare(options);
    process.exitCode = options.mutate ? await mutate(options, session) : await prove(names, options, session);
  });
}

async function prove(names: readonly string[], options: ProveOptions, session: Session): Promise<number> {
  assertNoMutateOptions(options);
  const { baseline, addToBaseline } = options;
  const writesBaseline = options.updateBaseline || addToBaseline || false;
  if (baseline === false && writesBaseline) {
    const flag = addToBaseline ? '--add-to-baseline' : '--update-baseline';
    throw new RunnerError('USAGE', `${flag}: expected without --no-baseline`);
  }
  const before =
    baseline === false ? undefined : readBaselineFile(baseline, baselineSchema, { mayBeAbsent: writesBaseline });
  const drills = await Promise.all((names.length > 0 ? names : await drillNames()).map(loadDrill));
  const chosen = await chooseRuntime(options, session);
  for (const drill of drills) await checkQueries(drill, chosen.tools.promtool);
  const plan = planOf(drills, options);

  const startedAtMs = Date.now();
  const directory = timedDirectory(options.stateDirectory, 'proofs', undefined, startedAtMs);
  const episodes = await playEpisodes(plan, directory, { ...options, ...session, ...chosen });

  const proof = proofOf({
    startedAtMs,
    durationSeconds: (Date.now() - startedAtMs) / 1000,
    planned: plan.length,
    episodes,
    alerts: [...new Set((await Promise.all(drills.map(({ stack }) => alertNames(stack.timeScale)))).flat())],
    ...(before && !writesBaseline ? { baseline: before } : {}),
  });
  say(renderProof(proof, paint));
  const written = proofOutputs.write(proof, options);
  const updated = writesBaseline && baseline !== false ? [baseline] : [];
  const next = addToBaseline ? grownBaseline : updatedBaseline;
  for (const path of updated) {
    writeTo(path, renderJson(next(before ?? { drills: {} }, baselineOf(episodes))));
  }
  for (const path of [...written, ...updated]) say(paint.faint(`  ${path}`));
  say(paint.faint(`  ledgers: ${relative(process.cwd(), directory)}/`));
  session.signal.throwIfAborted();
  return exitCodes[proof.verdict.outcome];
}

const exitCodes: Readonly<Record<Proof['verdict']['outcome'], number>> = {
  held: 0,
  deviated: 1,
  broken: 3,
  interrupted: 3,
};

/** Repetition by repetition, so that a run that is interrupted has seen most drills. */
function planOf(drills: readonly Drill[], { repeat, seed }: ProveOptions): readonly PlannedEpisode[] {
  const names = drills.map(({ metadata }) => metadata.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new RunnerError('USAGE', `drills: expected each once (got "${twice}" twice)`);
  const madeUp = randomBytes(4).toString('hex');
  return Array.from({ length: repeat }, (_, index) => index + 1).flatMap((repetition) =>
    drills.map((drill) => ({
      drill,
      order: { drill: drill.metadata.name, repetition, seed: seed ?? drill.seed ?? madeUp },
    })),
  );
}

type PlayOptions = ProveOptions & Session & ChosenRuntime;

async function playEpisodes(
  plan: readonly PlannedEpisode[],
  directory: string,
  options: PlayOptions,
): Promise<readonly Episode[]> {
  const { progress, signal, runtime: runtimeName, tools } = options;
  const machine = { availableBytes: process.availableMemory(), cores: availableParallelism() };
  const { stacks, reason } = sideBySide(options.jobs, plan.length, machine);
  if (options.jobs > 1) progress.note(reason);

  progress.expect(plan.length + stacks);

  const episodes: Episode[] = [];
  const queue = taskQueue(plan.map((work) => ({ shape: shapeOf(work.drill), work })));
  const lane = (index: number) =>
    playAll(queue, {
      signal,
      open: (drill) =>
        openStage(drill, {
          runtime: runtimeName,
          tools,
          signal,
          progress,
          directory,
          // The first is where a person looks for it; the others stay out of its way.
          ports: index === 0 ? portsOf(options) : 'free',
          stateDirectory: index === 0 ? options.stateDirectory : join(options.stateDirectory, 'stacks', `${index + 1}`),
          onCrash: (crash) => progress.note(describeCrash(crash)),
        }),
      done: (episode) => {
        episodes.push(episode);
        progress.note(`${episodes.length} of ${plan.length}: ${episode.drill} ${describeOutcome(episode)}`);
      },
      note: progress.note,
    });
  await Promise.all(Array.from({ length: stacks }, (_, index) => lane(index)));
  // In the order of the plan, however many lanes there were.
  return plan.flatMap(({ order }) =>
    episodes.filter(({ drill, repetition }) => drill === order.drill && repetition === order.repetition),
  );
}

function describeOutcome({ outcome, durationSeconds, problem }: Episode): string {
  const [why = ''] = problem?.split('\n') ?? [];
  return outcome === 'broken' ? `broken: ${why}` : `${outcome} after ${Math.round(durationSeconds)} s`;
}
