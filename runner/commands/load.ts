import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import { type Command, Option } from 'commander';
import { loadLimits, type ProfileName, profileNames, profiles } from '#load-tests/profiles.ts';
import { scenarioNames, scenarios } from '#load-tests/scenario-list.ts';
import { placeOfStack } from '../load/own-stack.ts';
import { assertAnswers, assertTakesMeasurements } from '../load/reach.ts';
import { renderLoadRun } from '../load/report.ts';
import { type LoadRun, type LoadRunOrder, runLoad } from '../load/run.ts';
import { oneOf } from '../operations/arguments.ts';
import { makeStateDirectory, timedDirectory, upState } from '../state.ts';
import { paint, say } from '../terminal.ts';
import { baseUrl, duration, integer, pathsOption, refusePaths, type StateOptions, stateDirectory } from './options.ts';
import { allTools, type Session } from './session.ts';

interface LoadOptions extends StateOptions {
  readonly profile: ProfileName;
  readonly rate?: number;
  readonly duration?: number;
  readonly seed: string;
  readonly target?: string;
  readonly prometheus?: string;
  readonly path?: readonly string[];
}

export function addLoad(program: Command, session: Session): void {
  const { requestsPerSecond, shortestSeconds, longestSeconds } = loadLimits;
  program
    .command('load')
    .description(
      'put load on the stack that runs, or on a URL; exit 0 objectives held, 99 one was missed, 2 usage, 3 the harness failed',
    )
    .argument('<scenario>', `what users do: ${scenarioNames.join(', ')}`)
    .addOption(new Option('--profile <name>', 'how the load comes').choices(profileNames).default('smoke'))
    .addOption(
      new Option('--rate <n>', "requests a second at the peak; the profile's when absent").argParser(
        integer(1, requestsPerSecond),
      ),
    )
    .addOption(
      new Option('--duration <duration>', "in all; the profile's when absent").argParser(
        duration(shortestSeconds, longestSeconds),
      ),
    )
    .option('--seed <seed>', 'decides what is asked, in which order; any word', 'firedrill')
    .addOption(
      new Option(
        '--target <url>',
        'where instead of the stack that runs; signed in only with the token of $FIREDRILL_TOKEN',
      ).argParser(baseUrl),
    )
    .addOption(
      new Option(
        '--prometheus <url>',
        "takes what k6 measures; the stack's own when absent, none with --target",
      ).argParser(baseUrl),
    )
    .addOption(pathsOption())
    .addOption(stateDirectory())
    .addHelpText('after', () => `\n${describeChoices()}`)
    .action(async (scenario: string, options: LoadOptions) => {
      process.exitCode = await load(scenario, options, session);
    });
}

async function load(name: string, options: LoadOptions, session: Session): Promise<number> {
  const scenario = oneOf('scenario', name, scenarioNames);
  refusePaths(scenario, options);
  const { signal, progress } = session;
  const { profile, seed } = options;
  const { ratePerSecond, durationSeconds } = profiles[profile];
  const where = await placeOf(options, options.duration ?? durationSeconds);
  await assertAnswers(where.targetUrl, signal);
  if (where.prometheusUrl !== undefined) await assertTakesMeasurements(where.prometheusUrl, signal);
  const { k6 } = await allTools(session, false, ['k6']);
  const order: LoadRunOrder = {
    scenario,
    profile,
    ratePerSecond: options.rate ?? ratePerSecond,
    durationSeconds: options.duration ?? durationSeconds,
    seed,
    // The rest is for those who answer.
    cores: Math.max(1, availableParallelism() - 1),
    ...(options.path ? { paths: options.path } : {}),
    ...where,
  };
  const directory = timedDirectory(options.stateDirectory, 'loads', scenario);
  makeStateDirectory(directory);
  const title = `${scenario}, ${profile}: up to ${order.ratePerSecond} requests/s for ${order.durationSeconds} s on ${order.targetUrl}, seed ${seed}`;
  const run = await progress.step(title, (report) => runLoad(order, { k6, directory, signal, report }));
  say(renderLoadRun(order, run, paint));
  say(paint.faint(`  report.html, summary.json: ${relative(process.cwd(), directory)}/`));
  signal.throwIfAborted();
  return exitCodes[run.outcome];
}

/** By k6's own code where an objective was missed; a void run is no verdict. */
const exitCodes: Readonly<Record<LoadRun['outcome'], number>> = {
  held: 0,
  crossed: 99,
  void: 3,
  interrupted: 130,
};

type Place = Pick<LoadRunOrder, 'targetUrl' | 'prometheusUrl' | 'token'>;

/** Whoever loads somebody else's service brings the token for it; ours is for our own stack alone. */
async function placeOf(
  { target, prometheus, stateDirectory: directory }: LoadOptions,
  seconds: number,
): Promise<Place> {
  const { FIREDRILL_TOKEN: token } = process.env;
  if (target !== undefined) return { targetUrl: target, prometheusUrl: prometheus, token };
  const own = await placeOfStack(upState(directory), seconds);
  return { ...own, prometheusUrl: prometheus ?? own.prometheusUrl, token: token ?? own.token };
}

function describeChoices(): string {
  const rows = [
    ['Scenarios:'],
    ...Object.entries(scenarios).map(([name, { about }]) => [`  ${name.padEnd(12)}${about}`]),
    ['Profiles:'],
    ...Object.entries(profiles).map(([name, { about, ratePerSecond, durationSeconds }]) => [
      `  ${name.padEnd(12)}${about}: up to ${ratePerSecond} requests/s, ${durationSeconds} s`,
    ]),
  ];
  return `${rows.join('\n')}\n`;
}
