import { readdirSync, readFileSync } from 'node:fs';
import { answerAlerts } from '#observability/alerts/answers.ts';
import { queueAlerts } from '#observability/alerts/queues.ts';
import { saturationAlerts } from '#observability/alerts/saturation.ts';
import { specificationAlerts } from '#observability/alerts/specification.ts';
import { telemetryAlerts } from '#observability/alerts/telemetry.ts';
import { topologyAlerts } from '#observability/alerts/topology.ts';
import { burnRateFactor, errorBudget, tiers } from '#observability/rules/burn-rate.ts';
import { parseOpenSlo } from '#observability/rules/parse.ts';
import type { Slo } from '#observability/rules/slo.ts';
import { windowName } from '#observability/rules/window.ts';

const alerts = [
  ...specificationAlerts,
  ...answerAlerts,
  ...saturationAlerts,
  ...queueAlerts,
  ...telemetryAlerts,
  ...topologyAlerts,
];

/**
 * The number an alert of the stack compares with; the first, where there are two.
 * @throws Error when there is no such alert, or no number at the end of a line of its expression
 */
export function limitOf(name: string): number {
  const expr = alerts.find((alert) => alert.name === name)?.expr(() => '1s') ?? '';
  const [, limit, times = '1'] = /(?:^| )[<>]=? ([\d.]+)(?: \* (\d+))?$/m.exec(expr) ?? [];
  if (limit === undefined) throw new Error(`the alert ${name} compares with no number: ${JSON.stringify(expr)}`);
  return Number(limit) * Number(times);
}

/** `0.005` as people write it: `0.5 %`. */
export function percent(share: number): string {
  return `${Number((100 * share).toFixed(2))} %`;
}

const folder = new URL('../observability/slos/', import.meta.url);

const slos = new Map<string, Slo>(
  parseOpenSlo(
    readdirSync(folder)
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => ({ path: `observability/slos/${name}`, text: readFileSync(new URL(name, folder), 'utf8') })),
  ).map(({ slo }) => [slo.name, slo]),
);

/** The share of good events that an objective of the stack asks for, and of bad ones that it allows; 0..1. */
export function objectiveOf(name: string): { readonly target: number; readonly budget: number } {
  const slo = slos.get(name);
  if (slo === undefined) throw new Error(`there is no objective ${name}`);
  return { target: slo.target, budget: errorBudget(slo.target) };
}

/** The period of the objectives, for which a budget is. */
export const periodDays = 30;

/** What alerts on budgets compare with, the most urgent first; windows by their names. */
export const burnRates = tiers.flatMap(({ severity, pairs }) =>
  pairs.map((pair) => ({
    severity,
    long: windowName(pair.longSeconds),
    short: windowName(pair.shortSeconds),
    factor: burnRateFactor(pair, periodDays * 86_400),
  })),
);
