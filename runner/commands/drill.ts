import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Command, Option } from 'commander';
import type { Capsule } from '#chaos/capsule/capsule.ts';
import { collectCapsule } from '#chaos/capsule/collect.ts';
import { systemClock } from '#chaos/engine/clock.ts';
import { type Drill, difficulties } from '#chaos/engine/drill.ts';
import { createLedger } from '#chaos/engine/ledger.ts';
import { renderText } from '#chaos/engine/report.ts';
import { runDrill } from '#chaos/engine/run.ts';
import { judge } from '#chaos/engine/verdict.ts';
import { keepRun } from '../debrief.ts';
import { checkQueries, drawDrill, loadDrill } from '../drill-file.ts';
import { RunnerError } from '../errors.ts';
import { seedOf } from '../response/seed.ts';
import { openStack } from '../stack.ts';
import { timedDirectory } from '../state.ts';
import { drillTarget } from '../target.ts';
import { paint, say } from '../terminal.ts';
import { userName } from '../user-name.ts';
import { type ChosenRuntime, chooseRuntime } from './choose-runtime.ts';
import { describeCrash } from './crash.ts';
import { addDrillLint } from './drill-lint.ts';
import { addDrillNew } from './drill-new.ts';
import { playAndTell } from './drill-play.ts';
import { addDrillVerify } from './drill-verify.ts';
import { narrator } from './narrate.ts';
import {
  freePortsOption,
  httpUrl,
  install,
  type PortOptions,
  portOffset,
  portsOf,
  type RuntimeOptions,
  runtime,
  type StateOptions,
  stateDirectory,
} from './options.ts';
import type { Session } from './session.ts';

interface DrillOptions extends PortOptions, RuntimeOptions, StateOptions {
  readonly auto?: boolean;
  readonly blind?: boolean;
  readonly difficulty?: string;
  readonly from?: string;
  readonly person: string;
  readonly webhook?: string;
  readonly seed?: string;
  readonly install?: boolean;
}

export function addDrill(program: Command, session: Session): void {
  const command = program
    .command('drill')
    .description('play one drill on a stack of its own, step by step; exit 0 won, 1 not, 2 usage, 3 the harness failed')
    .argument('[drill]', 'a name in chaos/drills, or a path to a drill file')
    .addOption(
      new Option(
        '--auto',
        'nobody has to do anything: inject, expect, revert, expect; exit 0 held, 1 deviated',
      ).conflicts('blind'),
    )
    .option('--blind', 'any drill, and nobody says which: the page comes, or it does not')
    .addOption(new Option('--difficulty <level>', 'with --blind: only those').choices(difficulties).conflicts('auto'))
    .addOption(new Option('--from <folder>', 'with --blind: the drills of this folder instead').conflicts('auto'))
    .addOption(new Option('--person <name>', 'who plays: whose history it is').default(userName()).conflicts('auto'))
    .addOption(
      new Option('--webhook <url>', 'tells pages there, too, in the form that Slack takes')
        .argParser(httpUrl)
        .conflicts('auto'),
    )
    .option('--seed <seed>', 'what decides which requests fail, and with --blind which drill; made up when absent')
    .addOption(runtime())
    .addOption(portOffset())
    .addOption(freePortsOption())
    .addOption(install())
    .addOption(stateDirectory())
    .action(async (name: string | undefined, options: DrillOptions) => {
      process.exitCode = await drill(name, options, session);
    });
  addDrillNew(command);
  addDrillLint(command, session);
  addDrillVerify(command);
}

async function drill(name: string | undefined, options: DrillOptions, session: Session): Promise<number> {
  if (!options.auto) return await respond(name, options, session);
  const drill = await loadDrill(name);
  const seed = seedOf(drill, { asked: options.seed }, madeUp());
  const chosen = await chooseRuntime(options, session);
  await checkQueries(drill, chosen.tools.promtool);

  say(
    `\n${paint.strong(drill.metadata.title)}\n${paint.faint(`drill ${drill.metadata.name}, seed ${seed}, time scale ${drill.stack.timeScale}`)}\n`,
  );
  const { capsule, directory } = await play(drill, seed, { ...options, ...session, ...chosen });
  const verdict = judge(capsule.ledger);
  keepRun(directory, capsule);
  writeFileSync(join(directory, 'verdict.json'), `${JSON.stringify(verdict, undefined, 2)}\n`);
  say(renderText(capsule.ledger, verdict, paint));
  say(paint.faint(`  debrief, ledger and verdict: ${relative(process.cwd(), directory)}/`));
  return verdict.held ? 0 : 1;
}

async function respond(name: string | undefined, options: DrillOptions, session: Session): Promise<number> {
  const { blind = false, stateDirectory, person, webhook } = options;
  if (blind && name !== undefined) {
    throw new RunnerError('USAGE', `drill: expected none with --blind, or --from a folder of drills (got "${name}")`);
  }
  for (const option of ['difficulty', 'from'] as const) {
    if (blind || options[option] === undefined) continue;
    throw new RunnerError('USAGE', `--${option}: expected only with --blind (got "${options[option]}")`);
  }
  const drawn = options.seed ?? madeUp();
  const drill = blind ? await drawDrill(drawn, options) : await loadDrill(name);
  const seed = seedOf(drill, { asked: options.seed, blind }, drawn);
  const chosen = await chooseRuntime(options, session);
  await checkQueries(drill, chosen.tools.promtool);
  const order = { drill, mode: blind ? 'blind' : 'guided', seed, person, webhook, stateDirectory } as const;
  return await playAndTell({ ...order, ports: portsOf(options) }, { ...session, ...chosen });
}

function madeUp(): string {
  return randomBytes(4).toString('hex');
}

type PlayOptions = DrillOptions & Session & ChosenRuntime;

interface Run {
  readonly capsule: Capsule;
  readonly directory: string;
}

async function play(drill: Drill, seed: string, options: PlayOptions): Promise<Run> {
  const { signal, progress, runtime, tools } = options;
  await using stack = await openStack({
    ...drill.stack,
    databaseLatencyMs: drill.stack.databaseLatency * 1000,
    runtime,
    tools,
    ports: portsOf(options),
    stateDirectory: options.stateDirectory,
    signal,
    progress,
    onCrash: (crash) => progress.note(describeCrash(crash)),
  });
  const directory = createRunDirectory(options.stateDirectory, drill.metadata.name);
  const target = await drillTarget(stack, directory);
  const story = narrator(progress);
  const ledger = createLedger(systemClock, (entry) => {
    appendFileSync(join(directory, 'ledger.jsonl'), `${JSON.stringify(entry)}\n`);
    story.tell(entry);
  });
  try {
    const run = { target, ledger, clock: systemClock, seed, signal };
    await runDrill(drill, run);
    return { capsule: await collectCapsule(drill, run), directory };
  } catch (error) {
    story.broken(error);
    throw error;
  }
}

function createRunDirectory(stateDirectory: string, drill: string): string {
  const directory = timedDirectory(stateDirectory, 'runs', drill);
  mkdirSync(directory, { recursive: true });
  return directory;
}
