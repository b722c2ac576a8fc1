import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Command } from 'commander';
import { replicaNames } from '#catalog/services.ts';
import { blastRadiusProblems } from '#chaos/engine/blast-radius.ts';
import { systemClock } from '#chaos/engine/clock.ts';
import type { Drill } from '#chaos/engine/drill.ts';
import { createLedger, type LedgerEntry } from '#chaos/engine/ledger.ts';
import { DrillError, parseDrill } from '#chaos/engine/parse.ts';
import { renderMarkdown, renderText } from '#chaos/engine/report.ts';
import { runDrill } from '#chaos/engine/run.ts';
import { judge } from '#chaos/engine/verdict.ts';
import { RunnerError } from '../errors.ts';
import { projectFile } from '../project.ts';
import { openStack } from '../stack.ts';
import { drillTarget } from '../target.ts';
import { paint, say } from '../terminal.ts';
import type { Tools } from '../toolchain/toolchain.ts';
import { narrator } from './narrate.ts';
import {
  freePortsOption,
  install,
  type PortOptions,
  portOffset,
  portsOf,
  type StateOptions,
  stateDirectory,
} from './options.ts';
import { allTools, type Session } from './session.ts';

const drillFolder = 'chaos/drills';

interface DrillOptions extends PortOptions, StateOptions {
  readonly seed?: string;
  readonly install?: boolean;
}

export function addDrill(program: Command, session: Session): void {
  program
    .command('drill')
    .description('run one drill on a stack of its own; exit 0 held, 1 deviated, 2 usage, 3 the harness failed')
    .argument('<drill>', 'a name in chaos/drills, or a path to a drill file')
    .option('--seed <seed>', 'what decides which requests fail; any word, made up when absent')
    .addOption(portOffset())
    .addOption(freePortsOption())
    .addOption(install())
    .addOption(stateDirectory())
    .action(async (name: string, options: DrillOptions) => {
      process.exitCode = await drill(name, options, session);
    });
}

async function drill(name: string, options: DrillOptions, session: Session): Promise<number> {
  const drill = await loadDrill(name);
  const seed = options.seed ?? randomBytes(4).toString('hex');
  const tools = await allTools(session, options.install ?? false);
  const run = createRunDirectory(options.stateDirectory, drill.metadata.name);

  say(
    `\n${paint.strong(drill.metadata.title)}\n${paint.faint(`drill ${drill.metadata.name}, seed ${seed}, time scale ${drill.stack.timeScale}`)}\n`,
  );
  const entries = await play(drill, seed, run.directory, { ...options, ...session, tools });
  const verdict = judge(entries);
  writeFileSync(join(run.directory, 'report.md'), renderMarkdown(entries, verdict));
  writeFileSync(join(run.directory, 'verdict.json'), `${JSON.stringify(verdict, undefined, 2)}\n`);
  say(renderText(entries, verdict, paint));
  say(paint.faint(`  ledger, report and verdict: ${relative(process.cwd(), run.directory)}/`));
  return verdict.held ? 0 : 1;
}

type PlayOptions = DrillOptions & Session & { readonly tools: Tools };

async function play(
  drill: Drill,
  seed: string,
  directory: string,
  options: PlayOptions,
): Promise<readonly LedgerEntry[]> {
  const { signal, progress, tools } = options;
  await using stack = await openStack({
    ...drill.stack,
    databaseLatencyMs: drill.stack.databaseLatency * 1000,
    tools,
    ports: portsOf(options),
    stateDirectory: options.stateDirectory,
    signal,
    progress,
    onCrash: (service, how) => progress.note(`${service} ended unexpectedly (${how})`),
  });
  const target = await drillTarget(stack, directory);
  const story = narrator(progress);
  const ledger = createLedger(systemClock, (entry) => {
    appendFileSync(join(directory, 'ledger.jsonl'), `${JSON.stringify(entry)}\n`);
    story.tell(entry);
  });
  try {
    await runDrill(drill, { target, ledger, clock: systemClock, seed, signal });
  } catch (error) {
    story.broken(error);
    throw error;
  }
  return ledger.entries;
}

/** @throws RunnerError USAGE for a drill that does not exist, cannot be read, or would break more than it says. */
async function loadDrill(name: string): Promise<Drill> {
  const isPath = /[\\/]|\.ya?ml$/.test(name);
  const file = isPath ? name : projectFile(`${drillFolder}/${name}.yaml`);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) throw new RunnerError('USAGE', await unknownDrill(name, isPath));
  try {
    const drill = parseDrill(text, isPath ? name : `${drillFolder}/${name}.yaml`);
    const problems = blastRadiusProblems(drill, replicaNames(drill.stack.replicas));
    if (problems.length > 0) throw new DrillError(name, problems);
    return drill;
  } catch (error) {
    if (error instanceof DrillError) throw new RunnerError('USAGE', error.message, { cause: error });
    throw error;
  }
}

async function unknownDrill(name: string, isPath: boolean): Promise<string> {
  if (isPath) return `drill: no file at ${name}`;
  const files = await readdir(projectFile(drillFolder));
  const names = files.filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -'.yaml'.length));
  return `drill: expected one of ${names.join(', ')}, or a path to a drill file (got "${name}")`;
}

function createRunDirectory(stateDirectory: string, drill: string): { directory: string } {
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  const directory = join(stateDirectory, 'runs', `${stamp}-${drill}`);
  mkdirSync(directory, { recursive: true });
  return { directory };
}
