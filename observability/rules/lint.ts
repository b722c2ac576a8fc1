import { samplesPerWindow, scrapeIntervalSeconds } from '#catalog/time-scale.ts';
import type { TextFault } from '#documents/fault.ts';
import { burnRateFactor, errorBudget, type WindowPair } from './burn-rate.ts';
import { bucketFaults } from './latency-buckets.ts';
import type { Slo } from './slo.ts';
import { pairName } from './window.ts';

export interface LintParams {
  readonly slo: Slo;
  /** The file it stands in. */
  readonly path: string;
  readonly timeScale: number;
  readonly exists: (path: string) => boolean;
}

/** Fewer failures than this in the short window, and chance decides whether somebody is woken. */
export const minBadEvents = 5;

/** What is wrong with an SLO whose alerts could not fire, would fire by chance, or would leave people without help. */
export function lintSlo({ slo, path: file, timeScale, exists }: LintParams): readonly TextFault[] {
  const budget = errorBudget(slo.target);
  const faults: TextFault[] = [];
  const fault = (path: string, message: string) => faults.push({ file, path, message });
  if (budget <= 0) fault('spec.objectives[0].target', `expected less than 1, found ${slo.target}: no error budget`);
  if (slo.runbook !== undefined && !exists(slo.runbook)) fault(annotation('runbook'), `no file ${slo.runbook}`);
  for (const message of bucketFaults(slo, () => slo.buckets)) fault('', message);
  const pairs = budget > 0 ? slo.tiers.flatMap((tier) => tier.pairs) : [];
  for (const message of pairs.flatMap((pair) => pairFaults(slo, pair, timeScale))) fault('', message);
  return faults;
}

function pairFaults(slo: Slo, pair: WindowPair, timeScale: number): readonly string[] {
  const threshold = burnRateFactor(pair, slo.periodSeconds) * errorBudget(slo.target);
  const shortSeconds = pair.shortSeconds / timeScale;
  const badEvents = threshold * (slo.requestsPerSecond ?? 0) * shortSeconds;
  const samples = Math.floor(shortSeconds / scrapeIntervalSeconds(timeScale));
  const faults: string[] = [];
  if (threshold >= 1)
    faults.push(`can never fire: its threshold is an error ratio of ${Number(threshold.toPrecision(3))}`);
  if (samples < samplesPerWindow) {
    faults.push(
      `can hardly fire: at time scale ${timeScale} its short window holds ${samples} scrapes, expected at least ${samplesPerWindow}`,
    );
  }
  if (slo.requestsPerSecond !== undefined && badEvents < minBadEvents) {
    faults.push(
      `fires at ${badEvents.toFixed(1)} failures in its short window at time scale ${timeScale}: ` +
        `expected at least ${minBadEvents} at ${slo.requestsPerSecond} requests a second`,
    );
  }
  return faults.map((fault) => `the alert on ${pairName(pair)} ${fault}`);
}

/** Where in a file an annotation of ours stands. */
export function annotation(name: string): string {
  return `metadata.annotations["firedrill.dev/${name}"]`;
}
