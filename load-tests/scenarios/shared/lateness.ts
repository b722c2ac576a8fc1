import exec from 'k6/execution';
import { Gauge, Rate } from 'k6/metrics';
import { lateSeconds } from '../../gate/lateness.ts';
import { type Profile, profiles } from '../../profiles.ts';
import { type ScenarioName, scenarios } from '../../scenario-list.ts';
import { settings } from './settings.ts';

const late = new Rate('late_iterations');
const lateness = new Gauge('iteration_lateness_seconds');

const { profileName, ratePerSecond } = settings;
const [step, ...others] = (profiles[profileName] as Profile).steps;
/** Where the rate changes k6 tells nobody when an iteration was due. */
const evenly = step !== undefined && others.length === 0 && step.from === step.to;
let noted = -1;

/** Counts by how much the generator itself is late with the iteration, once for each, before anything is asked. */
export function noteLateness(): void {
  const { iterationInTest, startTime, name } = exec.scenario;
  if (!evenly || iterationInTest === noted) return;
  noted = iterationInTest;
  const dueSeconds = (iterationInTest * scenarios[name as ScenarioName].requestsPerIteration) / ratePerSecond;
  const seconds = Math.max(0, (Date.now() - startTime) / 1000 - dueSeconds);
  late.add(seconds > lateSeconds);
  lateness.add(seconds);
}

type Values = Readonly<Record<string, number>>;

/** For the summary. */
export function latenessOf(valuesOf: (metric: string) => Values | undefined) {
  return {
    lateIterations: valuesOf('late_iterations')?.passes ?? 0,
    latestSeconds: valuesOf('iteration_lateness_seconds')?.max ?? 0,
  };
}
