import { routes } from '#catalog/signals.ts';
import { objectiveOf } from '#load-tests/gate/from-slo.ts';
import { checkObjective, type GatePolicy, type IndifferenceZone } from '#load-tests/gate/objective.ts';
import { leastRequests } from '#load-tests/gate/plan.ts';
import { type ClientObjective, covers } from '#load-tests/objective.ts';
import { type ScenarioName, scenarios } from '#load-tests/scenario-list.ts';
import { clientObjective, foreignObjective } from '#load-tests/thresholds.ts';
import type { Slo } from '#observability/rules/slo.ts';
import { RunnerError } from '../errors.ts';
import type { Gated } from './run.ts';

export interface GatedOrder {
  readonly slos: readonly Slo[];
  /** They are of another service than ours. */
  readonly foreign: boolean;
  readonly scenario: ScenarioName;
  /** Only those; all that the scenario has to do with when absent. */
  readonly only?: readonly string[];
  /** Prometheus counts. */
  readonly counted: boolean;
  /** Factors of each limit between which either verdict will do. */
  readonly zone?: IndifferenceZone;
}

export interface GatedWithClient extends Gated {
  readonly client?: ClientObjective;
}

/** What is decided. @throws RunnerError USAGE that names the field */
export function gatedOf({ slos, foreign, scenario, only, counted, zone }: GatedOrder): readonly GatedWithClient[] {
  const all = slos.map((slo): GatedWithClient => {
    const client = foreign ? foreignObjective(slo) : clientObjective(slo);
    return {
      slo,
      objective: withZone(withWords(slo, client), zone),
      seenByClient: client !== undefined,
      isTime: client?.bad.kind === 'slower',
      ...(client ? { client } : {}),
    };
  });
  const chosen = only === undefined ? all.filter((gated) => foreign || concerns(gated, scenario)) : named(all, only);
  for (const { objective } of chosen) refuseImpossible(objective);
  const untold = counted ? undefined : chosen.find(({ seenByClient }) => !seenByClient);
  if (untold) {
    throw new RunnerError(
      'USAGE',
      `--prometheus: expected, because no client can tell which requests are bad for ${untold.slo.name} (got none)`,
    );
  }
  if (chosen.some(({ slo }) => slo.groupBy.length > 0)) {
    const { slo } = chosen.find((gated) => gated.slo.groupBy.length > 0) as Gated;
    throw new RunnerError(
      'USAGE',
      `--objective: expected one without groups (got "${slo.name}", by ${slo.groupBy.join(', ')})`,
    );
  }
  return chosen;
}

/** How many requests without any bad one all of them need to pass. */
export function leastRequestsOf(gated: readonly Gated[], policy: GatePolicy): number {
  return Math.max(...gated.map(({ objective }) => leastRequests(objective, policy)));
}

function withWords(slo: Slo, client: ClientObjective | undefined): Gated['objective'] {
  const objective = objectiveOf(slo);
  if (client === undefined) return objective;
  const { bad } = client;
  return { ...objective, bad: bad.kind === 'slower' ? `took longer than ${bad.thanSeconds} s` : 'failed' };
}

function withZone(objective: Gated['objective'], factors: IndifferenceZone | undefined): Gated['objective'] {
  if (factors === undefined) return objective;
  const times = (factor: number) => Number((factor * objective.limit).toFixed(12));
  return { ...objective, zone: { good: times(factors.good), bad: times(factors.bad) } };
}

function named(all: readonly GatedWithClient[], names: readonly string[]): readonly GatedWithClient[] {
  return names.map((name) => {
    const found = all.find(({ slo }) => slo.name === name);
    if (found) return found;
    const known = all.map(({ slo }) => slo.name).join(', ');
    throw new RunnerError('USAGE', `--objective: expected one of ${known} (got "${name}")`);
  });
}

/** An objective about writing says nothing where nobody writes. */
function concerns({ client }: GatedWithClient, scenario: ScenarioName): boolean {
  if (client === undefined) return false;
  return routes.some(
    ({ method, route }) =>
      ('writes' in scenarios[scenario] || method === 'GET') && covers(client, { method, route, status: 200 }),
  );
}

function refuseImpossible(objective: Gated['objective']): void {
  try {
    checkObjective(objective);
  } catch (cause) {
    throw new RunnerError('USAGE', (cause as Error).message, { cause });
  }
}
