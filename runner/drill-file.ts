import { readdir, readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { replicaNames, services } from '#catalog/services.ts';
import { blastRadiusProblems } from '#chaos/engine/blast-radius.ts';
import type { Drill } from '#chaos/engine/drill.ts';
import { DrillError, parseDrill } from '#chaos/engine/parse.ts';
import { RunnerError } from './errors.ts';
import { projectFile } from './project.ts';
import { alertNames, burnRateLimits } from './rules.ts';

const drillFolder = 'chaos/drills';
const scenarioFolder = 'load-tests/scenarios';

/**
 * Reads a drill by its name in the project, or by its path.
 * @throws RunnerError USAGE when there is none, or when it names what is not there or would break more than it says.
 */
export async function loadDrill(name = ''): Promise<Drill> {
  const isPath = /[\\/]|\.ya?ml$/.test(name);
  const file = isPath ? name : `${drillFolder}/${name}.yaml`;
  const text = await readFile(isPath ? name : projectFile(file), 'utf8').catch(() => undefined);
  if (text === undefined) throw new RunnerError('USAGE', await unknownDrill(name, isPath));
  return await asUsage(async () => {
    const drill = parseDrill(text, file);
    const problems = [
      ...blastRadiusProblems(drill, replicaNames(drill.stack.replicas)),
      ...(await scenarioProblems(drill)),
      ...serviceProblems(drill),
      ...(await alertProblems(drill)),
    ];
    if (problems.length > 0) throw new DrillError(file, problems);
    return drill;
  });
}

/**
 * Checks the PromQL of a drill, which only Prometheus' own parser can.
 * @throws RunnerError USAGE
 */
export async function checkQueries(drill: Drill, promtool: string): Promise<void> {
  const problems = await Promise.all(
    queries(drill).map(async ({ path, query }) => {
      const { failed, stderr } = await execa(promtool, ['--experimental', 'promql', 'format', '--', query], {
        reject: false,
      });
      return failed ? [`${path}: expected PromQL (got ${JSON.stringify(query)}: ${stderr})`] : [];
    }),
  );
  await asUsage(async () => {
    if (problems.flat().length > 0) throw new DrillError(drill.metadata.name, problems.flat());
  });
}

function queries({ steadyState, expect }: Drill): readonly { path: string; query: string }[] {
  return [
    ...steadyState.probes.flatMap((probe, index) =>
      'promql' in probe ? [{ path: `steadyState.probes.${index}.promql.query`, query: probe.promql.query }] : [],
    ),
    ...expect.slis.map(({ query }, index) => ({ path: `expect.slis.${index}.query`, query })),
  ];
}

async function scenarioProblems({ load }: Drill): Promise<readonly string[]> {
  const names = await namesIn(scenarioFolder, '.ts');
  if (names.includes(load.scenario)) return [];
  return [`load.scenario: expected one of ${names.join(', ')} (got "${load.scenario}")`];
}

async function alertProblems({ stack, expect, steadyState }: Drill): Promise<readonly string[]> {
  const known = await alertNames(stack.timeScale);
  const limited = [...(await burnRateLimits(stack.timeScale)).keys()];
  const named = [
    ...expect.mustFire.map(({ alert }, index) => ({ path: `expect.mustFire.${index}.alert`, alert })),
    ...expect.mayFire.map((alert, index) => ({ path: `expect.mayFire.${index}`, alert })),
    ...steadyState.probes.flatMap((probe, index) =>
      'alert' in probe ? [{ path: `steadyState.probes.${index}.alert.alert`, alert: probe.alert.alert }] : [],
    ),
  ];
  const unlimited = expect.mustFire.flatMap((expected, index) =>
    (['within', 'resolvesWithin'] as const)
      .filter(
        (bound) => expected[bound] === 'limit' && known.includes(expected.alert) && !limited.includes(expected.alert),
      )
      .map(
        (bound) =>
          `expect.mustFire.${index}.${bound}: expected a duration, as ${expected.alert} has no closed form (got "limit")`,
      ),
  );
  const unknown = named
    .filter(({ alert }) => !known.includes(alert))
    .map(({ path, alert }) => `${path}: expected one of ${known.join(', ')} (got "${alert}")`);
  return [...unknown, ...unlimited];
}

function serviceProblems({ stack, steadyState }: Drill): readonly string[] {
  const names: readonly string[] = services(stack.replicas).map(({ name }) => name);
  return steadyState.probes.flatMap((probe, index) =>
    'process' in probe && !names.includes(probe.process.service)
      ? [
          `steadyState.probes.${index}.process.service: expected one of ${names.join(', ')} (got "${probe.process.service}")`,
        ]
      : [],
  );
}

async function unknownDrill(name: string, isPath: boolean): Promise<string> {
  if (isPath) return `drill: no file at ${name}`;
  const names = await namesIn(drillFolder, '.yaml');
  const got = name === '' ? 'nothing' : `"${name}"`;
  return `drill: expected one of ${names.join(', ')}, or a path to a drill file (got ${got})`;
}

async function namesIn(folder: string, extension: string): Promise<readonly string[]> {
  const files = await readdir(projectFile(folder));
  return files.filter((file) => file.endsWith(extension)).map((file) => file.slice(0, -extension.length));
}

async function asUsage<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DrillError) throw new RunnerError('USAGE', error.message, { cause: error });
    throw error;
  }
}
