import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { defaultDrillTimeScale } from '#catalog/time-scale.ts';
import { defaultPolicy, type GatePolicy, type IndifferenceZone } from '#load-tests/gate/objective.ts';
import { loadLimits } from '#load-tests/profiles.ts';
import { type ScenarioName, scenarioNames } from '#load-tests/scenario-list.ts';
import { readBaselineFile } from '../baseline-file.ts';
import { RunnerError } from '../errors.ts';
import { baselineOf, changesSince, gateBaselineSchema } from '../gate/baseline.ts';
import type { GateRun } from '../gate/gate-run.ts';
import { type GatedWithClient, gatedOf, leastRequestsOf } from '../gate/order.ts';
import { type GateOutputOptions, gateOutputs, renderJsonGate } from '../gate/outputs.ts';
import { type GateOrder, runGate } from '../gate/run.ts';
import { renderGate } from '../gate/table.ts';
import { assertAnswers, assertAnswersQueries } from '../load/reach.ts';
import { oneOf } from '../operations/arguments.ts';
import { assertWritable, renderJson, writeTo } from '../output-files.ts';
import { slosOfStack } from '../rules.ts';
import { readSlosOrRefuse } from '../slo/files.ts';
import { makeStateDirectory, timedDirectory } from '../state.ts';
import { paint, say } from '../terminal.ts';
import { applyConfig, readConfig } from './config-file.ts';
import { gateOutputFlags, type PolicyOptions, policyOptions } from './gate-options.ts';
import { type GatePlaceOptions, gatePlace } from './gate-place.ts';
import {
  baseUrl,
  duration,
  factorsOfZone,
  freePortsOption,
  install,
  integer,
  pathsOption,
  portOffset,
  refusePaths,
  replicas,
  runtime,
  stateDirectory,
  timeScale,
} from './options.ts';
import { allTools, type Session } from './session.ts';

interface GateOptions extends GatePlaceOptions, GateOutputOptions, PolicyOptions {
  readonly rate: number;
  readonly seed: string;
  readonly slo?: readonly string[];
  readonly objective?: readonly string[];
  readonly path?: readonly string[];
  readonly shared?: boolean;
  readonly zone?: IndifferenceZone;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
}

export function addGate(program: Command, session: Session): void {
  const command = program
    .command('gate')
    .description(
      'put load on a build until its SLOs are decided; exit 0 PASS, 99 FAIL, 98 INCONCLUSIVE, 2 usage, 3 the measurement or the harness failed',
    )
    .argument('[scenario]', `what users do: ${scenarioNames.join(', ')}; browse when absent, paths with --path`)
    .addOption(
      new Option('--rate <n>', 'requests a second').argParser(integer(1, loadLimits.requestsPerSecond)).default(200),
    )
    .addOption(
      new Option('--max-duration <duration>', 'INCONCLUSIVE when it is not decided until then')
        .argParser(duration(loadLimits.shortestSeconds, loadLimits.longestSeconds))
        .default(300, '5m'),
    )
    .option('--seed <seed>', 'decides what is asked, in which order; any word', 'firedrill')
    .addOption(
      new Option(
        '--target <url>',
        'a service that runs, ours or not; the stack that runs when absent, or one started for it',
      ).argParser(baseUrl),
    )
    .addOption(
      new Option(
        '--prometheus <url>',
        "counts what --target answers; without it only the load generator's counts decide",
      ).argParser(baseUrl),
    )
    .option('--start <command>', 'becomes --target, in a shell, and is ended afterwards')
    .option(
      '--prometheus-config <file>',
      'of a Prometheus that is started instead of --prometheus, and ended afterwards',
    )
    .option('--slo <files...>', 'OpenSLO files of the target, or folders of them; our own when absent')
    .option('--objective <names...>', 'only these SLOs; when absent those that the scenario has to do with')
    .addOption(pathsOption())
    .option('--shared', 'others use the target meanwhile: Prometheus may count more than the load generator')
    .addOption(
      new Option(
        '--zone <factors>',
        'of each limit, between which either verdict will do, such as 0.5-1.5: takes a fraction of the requests',
      ).argParser(factorsOfZone),
    )
    .option('--baseline <file>', 'tells how the shares of bad requests changed since then')
    .option('--update-baseline', 'writes the counts of this run there, unless it is void')
    .addOption(timeScale().default(defaultDrillTimeScale))
    .addOption(replicas())
    .addOption(runtime())
    .addOption(portOffset())
    .addOption(freePortsOption())
    .addOption(install())
    .addOption(stateDirectory())
    .option('--config <file>', 'these options in YAML, such as "maxDuration: 2m"; those that are typed win')
    .action(async (scenario: string | undefined, { config }: GateOptions, command: Command) => {
      if (config !== undefined) {
        applyConfig({ command, source: readConfig(config), paths: fileOptions, refused: ['config'] });
      }
      process.exitCode = await gate(scenario, command.opts<GateOptions>(), session);
    });
  for (const option of [...policyOptions(), ...gateOutputFlags()]) command.addOption(option);
}

const fileOptions = ['slo', 'prometheusConfig', 'baseline', 'json', 'junit', 'markdown', 'badge', 'stateDirectory'];

async function gate(name: string | undefined, options: GateOptions, session: Session): Promise<number> {
  const { signal, progress } = session;
  const scenario = scenarioOf(name, options);
  gateOutputs.prepare(options);
  const baseline = baselineFileOf(options);
  const policy: GatePolicy = { ...defaultPolicy, errorRate: options.errorRate, assumedPhi: options.assumedPhi };
  const gated = await gatedBy(scenario, options);
  const least = leastRequestsOf(gated, policy);
  refuseTooShort(least, options);
  const directory = resolve(timedDirectory(options.stateDirectory, 'gates', scenario));
  await using place = await gatePlace(options, directory, session);
  await assertAnswers(place.targetUrl, signal);
  if (place.countsUrl !== undefined) await assertAnswersQueries(place.countsUrl, signal);
  const { k6 } = await allTools(session, false, ['k6']);
  makeStateDirectory(directory);
  const { rate, seed, maxDuration, shared = false } = options;
  const order: GateOrder = {
    load: {
      scenario,
      profile: 'load',
      ratePerSecond: rate,
      durationSeconds: maxDuration,
      seed,
      // The rest is for those who answer.
      cores: Math.max(1, availableParallelism() - 1),
      targetUrl: place.targetUrl,
      prometheusUrl: place.prometheusUrl,
      token: place.token,
      ...(options.path ? { paths: options.path } : {}),
      ...(options.slo ? { objectivesFile: writeObjectives(directory, gated) } : {}),
    },
    gated,
    policy,
    countsUrl: place.countsUrl,
    shared,
  };
  const title = `${scenario}: ${rate} requests/s on ${place.targetUrl} until it is decided, at most ${maxDuration} s; no fewer than ${least} requests can pass`;
  const found = await progress.step(title, (report) => runGate(order, { k6, directory, signal, report }));
  const run: GateRun = { ...found, changes: baseline ? changesSince(baseline, found.counts, policy) : {} };
  say(renderGate(run, paint));
  writeFileSync(join(directory, 'gate.json'), renderJsonGate(run));
  const written = gateOutputs.write(run, options);
  if (options.updateBaseline && options.baseline !== undefined && run.verdict.faults.length === 0 && !run.interrupted) {
    writeTo(options.baseline, renderJson(baselineOf(run)));
    say(paint.faint(`  baseline: ${options.baseline}`));
  }
  say(paint.faint(`  report.html, gate.json: ${[`${relative(process.cwd(), directory)}/`, ...written].join(', ')}`));
  signal.throwIfAborted();
  return run.verdict.exitCode;
}

function scenarioOf(name: string | undefined, { path }: GateOptions): ScenarioName {
  const scenario = oneOf('scenario', name ?? (path ? 'paths' : 'browse'), scenarioNames);
  refusePaths(scenario, { path });
  return scenario;
}

function baselineFileOf({ baseline, updateBaseline = false }: GateOptions) {
  if (baseline === undefined) {
    if (updateBaseline) throw new RunnerError('USAGE', '--update-baseline: expected only with --baseline');
    return undefined;
  }
  if (updateBaseline) assertWritable('--baseline', baseline);
  return readBaselineFile(baseline, gateBaselineSchema, { mayBeAbsent: updateBaseline });
}

async function gatedBy(scenario: ScenarioName, options: GateOptions): Promise<readonly GatedWithClient[]> {
  const { slo: files, target, prometheus, prometheusConfig, objective, zone } = options;
  if (files !== undefined && target === undefined) {
    throw new RunnerError('USAGE', `--slo: expected only with --target (got "${files.join(' ')}")`);
  }
  return gatedOf({
    slos: files === undefined ? await slosOfStack() : (await readSlosOrRefuse(files)).map(({ slo }) => slo),
    foreign: files !== undefined,
    scenario,
    counted: target === undefined || prometheus !== undefined || prometheusConfig !== undefined,
    ...(objective === undefined ? {} : { only: objective }),
    ...(zone === undefined ? {} : { zone }),
  });
}

function refuseTooShort(least: number, { rate, maxDuration }: GateOptions): void {
  if (rate * maxDuration >= least) return;
  const needed = Math.ceil(least / rate);
  throw new RunnerError(
    'USAGE',
    `--max-duration: expected at least ${needed}s, because at ${rate} requests/s no shorter run can pass: that takes ${least} requests (got ${maxDuration}s)`,
  );
}

function writeObjectives(directory: string, gated: readonly GatedWithClient[]): string {
  const file = join(directory, 'objectives.json');
  writeFileSync(file, JSON.stringify(gated.flatMap(({ client }) => client ?? [])));
  return file;
}
