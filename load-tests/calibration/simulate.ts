import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { normalQuantile } from '#statistics/normal-quantile.ts';
import { wilsonInterval } from '#statistics/wilson.ts';
import type { Objective } from '../gate/objective.ts';
import { Tally } from '../gate/tally.ts';
import { type Verdict, verdictsOf, weigh } from '../gate/weigh.ts';
import type { Cell } from './cell.ts';
import { errorStream, type Random } from './errors.ts';

/** How many simulated gates said what. */
export interface Tallied {
  pass: number;
  fail: number;
  inconclusive: number;
}

export interface Simulated {
  readonly gates: number;
  readonly gate: Tallied;
  /** To a decision, or the most there were. */
  readonly meanRequests: number;
  /** Of the mean. */
  readonly standardError: number;
  /** `rate<limit` on the share of all requests up to the cap, as k6 does at the end. */
  readonly k6: Tallied;
  /** A Wilson interval, of the same error rate, looked at every second, and believed the first time it excludes the limit. */
  readonly wilson: Tallied;
}

/** Plays a cell so many times: same seed, same errors. */
export function simulate(cell: Cell, gates: number, seed: number): Simulated {
  const random = uniform(seed);
  const [gate, k6, wilson] = [nothing(), nothing(), nothing()];
  let [requests, squares] = [0, 0];
  for (let i = 0; i < gates; i += 1) {
    const one = play(cell, random);
    count(gate, one.gate);
    count(k6, one.k6);
    count(wilson, one.wilson);
    requests += one.requests;
    squares += one.requests ** 2;
  }
  const meanRequests = requests / gates;
  const standardError = Math.sqrt((squares / gates - meanRequests ** 2) / gates);
  return { gates, gate, k6, wilson, meanRequests, standardError };
}

interface Played {
  readonly gate: Verdict;
  readonly k6: Verdict;
  readonly wilson: Verdict;
  readonly requests: number;
}

function play(cell: Cell, random: Random): Played {
  const { errors, trueRate, limit, zone, policy, requestsPerSecond: total, maximumRequests } = cell;
  const objective: Objective = { name: '', bad: '', limit, ...(zone ? { zone } : {}) };
  const parts = Array.from({ length: cell.objectives }, () => ({
    tally: new Tally(),
    next: errorStream(errors, trueRate, total, random),
  }));
  const z = normalQuantile(1 - policy.errorRate);
  let [gate, wilson]: [Verdict, Verdict] = ['INCONCLUSIVE', 'INCONCLUSIVE'];
  let requests = maximumRequests;
  for (let n = total; n <= maximumRequests; n += total) {
    for (const { tally, next } of parts) tally.add({ bad: next(), total });
    if (gate === 'INCONCLUSIVE') {
      gate = run(
        verdictsOf(
          parts.map(({ tally }) => weigh(objective, tally, policy)),
          policy,
        ),
      );
      if (gate !== 'INCONCLUSIVE') requests = n;
    }
    if (wilson === 'INCONCLUSIVE') wilson = run(parts.map(({ tally }) => byWilson(tally, limit, z)));
  }
  const k6 = run(parts.map(({ tally }) => (tally.bad / tally.total < limit ? 'PASS' : 'FAIL')));
  return { gate, k6, wilson, requests };
}

function byWilson({ bad, total }: Tally, limit: number, z: number): Verdict {
  const { low, high } = wilsonInterval(bad, total, z);
  return high < limit ? 'PASS' : low > limit ? 'FAIL' : 'INCONCLUSIVE';
}

function run(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('FAIL')) return 'FAIL';
  return verdicts.includes('INCONCLUSIVE') ? 'INCONCLUSIVE' : 'PASS';
}

function count(tallied: Tallied, verdict: Verdict): void {
  if (verdict === 'PASS') tallied.pass += 1;
  else if (verdict === 'FAIL') tallied.fail += 1;
  else tallied.inconclusive += 1;
}

function nothing(): Tallied {
  return { pass: 0, fail: 0, inconclusive: 0 };
}

/** Numbers in [0, 1) with 53 bits. */
export function uniform(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  return () => ((generator.next() >>> 5) * 67_108_864 + (generator.next() >>> 6)) / 9_007_199_254_740_992;
}
