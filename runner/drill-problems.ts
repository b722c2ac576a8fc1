import { existsSync } from 'node:fs';
import { execa } from 'execa';
import { neverStopped, type operationNames, rolledBack } from '#catalog/operations.ts';
import { replicaNames, services } from '#catalog/services.ts';
import { proxied } from '#catalog/stores.ts';
import { blastRadiusProblems } from '#chaos/engine/blast-radius.ts';
import type { Drill } from '#chaos/engine/drill.ts';
import type { DrillProblem } from '#chaos/engine/drill-error.ts';
import type { ProbeSpec } from '#chaos/engine/probe-spec.ts';
import { scenarioNames } from '#load-tests/scenario-list.ts';
import { projectFile } from './project.ts';
import { alertNames, burnRateLimits } from './rules.ts';

/** What a drill names and this project does not have, and what would break more than the drill allows itself. */
export async function drillProblems(drill: Drill): Promise<DrillProblem[]> {
  return [
    ...blastRadiusProblems(drill, replicaNames(drill.stack.replicas)),
    ...scenarioProblems(drill),
    ...(await alertProblems(drill)),
    ...serviceProblems(drill),
    ...operationProblems(drill),
    ...runbookProblems(drill),
  ];
}

/** Prometheus' own words about each query that it does not understand. */
export async function queryProblems(drill: Drill, promtool: string): Promise<DrillProblem[]> {
  const problems = await Promise.all(
    queries(drill).map(async ({ path, query }) => {
      const { failed, stderr } = await execa(promtool, ['--experimental', 'promql', 'format', '--', query], {
        reject: false,
      });
      return failed ? [{ path, message: `expected PromQL (got ${JSON.stringify(query)}: ${stderr})` }] : [];
    }),
  );
  return problems.flat();
}

interface Query {
  readonly path: DrillProblem['path'];
  readonly query: string;
}

interface PlacedProbe {
  readonly path: DrillProblem['path'];
  readonly probe: ProbeSpec;
}

function probesOf({ steadyState, mitigations }: Drill): readonly PlacedProbe[] {
  return [
    ...steadyState.probes.map((probe, index) => ({ probe, path: ['steadyState', 'probes', index] })),
    ...mitigations.flatMap((mitigation, index) =>
      'probe' in mitigation ? [{ probe: mitigation.probe, path: ['mitigations', index, 'probe'] }] : [],
    ),
  ];
}

function queries(drill: Drill): readonly Query[] {
  return [
    ...probesOf(drill).flatMap(({ probe, path }) =>
      'promql' in probe ? [{ path: [...path, 'promql', 'query'], query: probe.promql.query }] : [],
    ),
    ...drill.expect.slis.map(({ query }, index) => ({ path: ['expect', 'slis', index, 'query'], query })),
  ];
}

function scenarioProblems({ load }: Drill): readonly DrillProblem[] {
  if (scenarioNames.some((name) => name === load.scenario)) return [];
  return [
    { path: ['load', 'scenario'], message: `expected one of ${scenarioNames.join(', ')} (got "${load.scenario}")` },
  ];
}

async function alertProblems(drill: Drill): Promise<readonly DrillProblem[]> {
  const { stack, expect } = drill;
  const known = await alertNames(stack.timeScale);
  const limited = [...(await burnRateLimits(stack.timeScale)).keys()];
  const named = [
    ...expect.mustFire.map(({ alert }, index) => ({ path: ['expect', 'mustFire', index, 'alert'], alert })),
    ...expect.mayFire.map((alert, index) => ({ path: ['expect', 'mayFire', index], alert })),
    ...probesOf(drill).flatMap(({ probe, path }) =>
      'alert' in probe ? [{ path: [...path, 'alert', 'alert'], alert: probe.alert.alert }] : [],
    ),
  ];
  const unlimited = expect.mustFire.flatMap((expected, index) =>
    (['within', 'resolvesWithin'] as const)
      .filter(
        (bound) => expected[bound] === 'limit' && known.includes(expected.alert) && !limited.includes(expected.alert),
      )
      .map((bound) => ({
        path: ['expect', 'mustFire', index, bound],
        message: `expected a duration, as ${expected.alert} has no closed form (got "limit")`,
      })),
  );
  const unknown = named
    .filter(({ alert }) => !known.includes(alert))
    .map(({ path, alert }) => ({ path, message: `expected one of ${known.join(', ')} (got "${alert}")` }));
  return [...unknown, ...unlimited];
}

function serviceProblems(drill: Drill): readonly DrillProblem[] {
  const known: readonly string[] = services(drill.stack.replicas).map(({ name }) => name);
  const named = [
    ...probesOf(drill).flatMap(({ probe, path }) =>
      'process' in probe ? [{ path: [...path, 'process', 'service'], service: probe.process.service }] : [],
    ),
  ];
  return named
    .filter(({ service }) => !known.includes(service))
    .map(({ path, service }) => ({ path, message: `expected one of ${known.join(', ')} (got "${service}")` }));
}

/** What nobody can do to that target: nobody would be seen doing it. */
function operationProblems({ mitigations, stack }: Drill): readonly DrillProblem[] {
  return mitigations.flatMap((mitigation, index) => {
    if (!('operation' in mitigation) || mitigation.operation.target === undefined) return [];
    const { name, target } = mitigation.operation;
    const allowed = operationTargets(name, stack.replicas);
    if (allowed.includes(target)) return [];
    const expected = allowed.length === 0 ? `none, as ${name} takes none` : `one of ${allowed.join(', ')}`;
    return [{ path: ['mitigations', index, 'operation', 'target'], message: `expected ${expected} (got "${target}")` }];
  });
}

function operationTargets(operation: (typeof operationNames)[number], count: number): readonly string[] {
  const replicas = replicaNames(count);
  switch (operation) {
    case 'restart':
    case 'drain':
    case 'undrain':
      return replicas;
    case 'rollback':
      return [...replicas, ...rolledBack];
    case 'reroute':
      return [...proxied.map(({ name }) => name), ...replicas];
    case 'stop':
    case 'start':
      return services(count).flatMap(({ name }) => (neverStopped.includes(name) ? [] : name));
    case 'scale':
      return replicas.map((_, index) => String(index + 1));
    case 'flush':
    case 'replay':
      return [];
  }
}

function runbookProblems({ runbook }: Drill): readonly DrillProblem[] {
  if (runbook === undefined || existsSync(projectFile(runbook))) return [];
  return [{ path: ['runbook'], message: `expected a file of this project (got "${runbook}")` }];
}
