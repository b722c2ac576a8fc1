import { burnRateFactor, errorBudget } from './burn-rate.ts';
import { SloError } from './parse.ts';
import type { Slo } from './slo.ts';
import { windowName } from './window.ts';

export interface LintParams {
  readonly slo: Slo;
  readonly file: string;
  readonly timeScale: number;
  readonly exists: (path: string) => boolean;
}

/** Fewer failures than this in the short window, and chance decides whether somebody is woken. */
const minBadEvents = 5;

/** @throws SloError for an SLO whose alerts could not fire, would fire by chance, or would leave people without help. */
export function lintSlo({ slo, file, timeScale, exists }: LintParams): void {
  const budget = errorBudget(slo.target);
  const faults: string[] = [];
  if (budget <= 0) faults.push(`spec.objectives[0].target: expected less than 1, found ${slo.target}: no error budget`);
  if (!exists(slo.runbook ?? '')) faults.push(`metadata.annotations["firedrill.dev/runbook"]: no file ${slo.runbook}`);
  for (const pair of budget > 0 ? slo.tiers.flatMap(({ pairs }) => pairs) : []) {
    const windows = `${windowName(pair.longSeconds)}/${windowName(pair.shortSeconds)}`;
    const threshold = burnRateFactor(pair, slo.periodSeconds) * budget;
    if (threshold >= 1)
      faults.push(`the alert on ${windows} can never fire: its threshold is an error ratio of ${threshold}`);
    const badEvents = (threshold * (slo.requestsPerSecond ?? 0) * pair.shortSeconds) / timeScale;
    if (badEvents < minBadEvents) {
      faults.push(
        `the alert on ${windows} fires at ${badEvents.toFixed(1)} failures in its short window at time scale ${timeScale}: ` +
          `expected at least ${minBadEvents} at ${slo.requestsPerSecond} requests a second`,
      );
    }
  }
  if (faults.length > 0) throw new SloError(file, faults);
}
