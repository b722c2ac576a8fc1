import { readdir, readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { channelOf } from '#catalog/alerting.ts';
import { evaluationIntervalSeconds, scrapeIntervalSeconds } from '#catalog/time-scale.ts';
import { slowTraceSeconds } from '#catalog/tracing.ts';
import { serverError } from '#chaos/engine/edge-log.ts';
import type { AlertLimits, Conditions, Limit } from '#chaos/engine/target.ts';
import type { SourceFile } from '#documents/yaml.ts';
import { waitsOf } from '#observability/alertmanager/waits.ts';
import { renderAlerts } from '#observability/alerts/render.ts';
import { alertName } from '#observability/rules/alert-rules.ts';
import { type BurnSituation, detectionSeconds, resetSeconds, type Tier } from '#observability/rules/burn-rate.ts';
import { errorRatio } from '#observability/rules/event-rates.ts';
import { parseOpenSlo } from '#observability/rules/parse.ts';
import { tiledDelaySeconds } from '#observability/rules/period-rules.ts';
import { renderRules } from '#observability/rules/render.ts';
import type { Slo } from '#observability/rules/slo.ts';
import { tiledWindows } from '#observability/rules/windows.ts';
import { projectFile } from './project.ts';

const sloFolder = 'observability/slos';

/** What one request to Alertmanager, its notification and its receipt may take, in seconds. */
const deliverySeconds = 0.5;

/** The OpenSLO files of the stack; paths from the root of the project. */
export async function sloFiles(): Promise<readonly SourceFile[]> {
  const names = (await readdir(projectFile(sloFolder))).filter((name) => name.endsWith('.yaml')).sort();
  const paths = names.map((name) => `${sloFolder}/${name}`);
  return await Promise.all(paths.map(async (path) => ({ path, text: await readFile(projectFile(path), 'utf8') })));
}

/**
 * The rule files of a stack at this time scale, by file name.
 * @throws SloError
 */
export async function rulesOfStack(timeScale: number): Promise<readonly { name: string; content: string }[]> {
  const ofSlos = parseOpenSlo(await sloFiles()).map(({ slo, path }) => {
    const evaluation = evaluationIntervalSeconds(timeScale);
    return {
      name: `${slo.name}.yaml`,
      content: renderRules({ slo, source: path, timeScale, evaluationIntervalSeconds: evaluation }),
    };
  });
  return [...ofSlos, { name: 'alerts.yaml', content: renderAlerts(timeScale) }];
}

/**
 * Every alert a stack at this time scale may raise.
 * @throws SloError
 */
export async function alertNames(timeScale: number): Promise<readonly string[]> {
  const names = (await rulesOfStack(timeScale)).flatMap(({ content }) => {
    const { groups } = parse(content) as { readonly groups: readonly { rules: readonly { alert?: string }[] }[] };
    return groups.flatMap(({ rules }) => rules.flatMap(({ alert }) => alert ?? []));
  });
  return [...new Set(names)];
}

/** @throws SloError */
export async function slosOfStack(): Promise<readonly Slo[]> {
  return parseOpenSlo(await sloFiles()).map(({ slo }) => slo);
}

/** The closed forms of every burn-rate alert of a stack, by the name of the alert. */
export async function burnRateLimits(timeScale: number): Promise<ReadonlyMap<string, AlertLimits>> {
  return new Map(
    (await slosOfStack()).flatMap((slo) =>
      slo.tiers.map((tier) => [alertName(slo, tier.severity), limits(slo, tier, timeScale)]),
    ),
  );
}

/** The objectives about all requests at the edge: the access log has each of their events. */
const inTheLog: Readonly<Record<string, { readonly bad: string }>> = {
  'edge-availability': { bad: serverError },
  'edge-latency': { bad: `duration_seconds > ${slowTraceSeconds}` },
};

function limits(slo: Slo, { severity, pairs }: Tier, timeScale: number): AlertLimits {
  const { groupWaitSeconds, groupIntervalSeconds } = waitsOf[channelOf[severity]];
  const scrape = scrapeIntervalSeconds(timeScale);
  const isTiled = tiledWindows({ tiers: [{ severity, pairs }] }).length > 0;
  const tilesSeconds = isTiled ? tiledDelaySeconds / timeScale : 0;
  const pipelineSeconds = scrape + 2 * evaluationIntervalSeconds(timeScale) + tilesSeconds + deliverySeconds;
  const waitsForRecord = severity === 'ticket';
  const fixed = { pairs, periodSeconds: slo.periodSeconds, target: slo.target, timeScale, waitsForRecord };
  const limit = <Situation extends Conditions>(
    form: (situation: BurnSituation & Omit<Situation, 'baselineRatio' | 'requestSeconds'>) => number,
    { baselineRatio, requestSeconds, ...conditions }: Situation,
    groupingSeconds: number,
  ): Limit => {
    const situation = { ...fixed, ...conditions, baselineErrorRatio: baselineRatio };
    const seconds = form(situation);
    return {
      earliestSeconds: form({ ...situation, scrapeIntervalSeconds: scrape }),
      seconds,
      latestSeconds: seconds + requestSeconds + pipelineSeconds + groupingSeconds / timeScale,
    };
  };
  return {
    ...inTheLog[slo.name],
    errorRatioQuery: (seconds) => errorRatio(slo, `${seconds}s`),
    detection: (conditions) => limit(detectionSeconds, conditions, groupWaitSeconds),
    reset: (conditions) => limit(resetSeconds, conditions, groupIntervalSeconds),
  };
}
