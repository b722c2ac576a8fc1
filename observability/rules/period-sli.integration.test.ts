import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { toolsFor } from '#tests/support/tools.ts';
import { renderRules } from './render.ts';
import type { Slo } from './slo.ts';
import {
  type CountedReplica,
  replicas,
  type Samples,
  type Truth,
  timelineSeconds,
  truthOf,
} from './testing/counted-traffic.ts';

const run = promisify(execFile);

/** At time scale 60 the shortest window holds so many samples, and a tile is laid every two seconds. */
const timeScale = 60;
const samplesPerWindow = 5;
const tileSeconds = 2;

const slo: Slo = {
  name: 'bad',
  displayName: 'Traffic',
  description: 'Many cases at once, each with a budget of its own.',
  service: 'test',
  target: 0.99,
  periodSeconds: 6 * 3600,
  sli: { counts: 'bad', events: ['events_total{result="bad"}'], total: ['events_total'] },
  groupBy: ['case'],
  tiers: [],
};

/** The same events, counted the other way round and from two counters. */
const good: Slo = {
  ...slo,
  name: 'good',
  sli: {
    counts: 'good',
    events: ['events_total{result="good"}'],
    total: ['events_total{result="good"}', 'events_total{result="bad"}'],
  },
};

it('over the period each event counts once, however traffic comes and goes', async () => {
  const sample = fc.sample(replicas, { numRuns: 40, seed: 20261121 });
  // In some, nothing ever failed, and the counter of failures is not there.
  const cases = sample.map((each, index) => (index % 4 === 1 ? each.map(({ good }) => ({ good, bad: [] })) : each));
  const claims = cases.flatMap((each, index) => {
    const truths = (of: keyof CountedReplica) => sum(each.map((replica) => truthOf(replica[of], samplesPerWindow)));
    const [bad, well] = [truths('bad'), truths('good')];
    const total = sum([bad, well]);
    const subtracted = { events: bad.events, tolerance: bad.tolerance + 2 * well.tolerance };
    return [
      claim('test-bad', index, 'bad', bad),
      claim('test-bad', index, 'total', total),
      claim('test-good', index, 'bad', subtracted),
      claim('test-good', index, 'total', total),
    ].filter(() => total.events > 0);
  });
  const exact = cases.filter((each) => each.every(({ bad }) => truthOf(bad, samplesPerWindow).tolerance === 0));
  expect(exact.length).toBeGreaterThan(8);
  await promtool(cases, claims);
});

it('an average of ratios would say 25 % where one in 200 was bad, because a quiet night weighs like a busy day', async () => {
  const steps = (perSecond: (second: number) => number): Samples => {
    let value = 1e6;
    return Array.from({ length: timelineSeconds + 1 }, (_, second) => {
      value += perSecond(second);
      return value;
    });
  };
  const day = timelineSeconds / 2;
  const traffic = {
    good: steps((second) => (second < day ? 100 : 0.5)),
    bad: steps((second) => (second < day ? 0 : 0.5)),
  };
  const ratio = 'slo:sli_error:ratio_rate6h{sloth_id="test-bad"}';
  const average = 'avg_over_time(slo:sli_error:ratio_rate5m{sloth_id="test-bad"}[6m])';
  await promtool(
    [[traffic]],
    [`count(${ratio} > 0.0045) and count(${ratio} < 0.0055)`, `count(${average} > 0.24) and count(${average} < 0.26)`],
  );
});

it('an hour without events leaves the ratio of the period as it is', async () => {
  const until = (last: number): Samples =>
    Array.from({ length: timelineSeconds + 1 }, (_, second) => 1e6 + 10 * Math.min(second, last));
  const traffic = { good: until(60), bad: until(60) };
  const half = 'abs(slo:sli_error:ratio_rate6h{sloth_id="test-bad"} - 0.5) < 1e-9';
  await promtool([[traffic]], [`count(${half})`]);
});

it('a period without events has no ratio, rather than one that is no number', async () => {
  const still: Samples = Array(timelineSeconds + 1).fill(1e6);
  const slos = ['test-bad', 'test-good'];
  const series = (name: string, id: string) => `${name}{sloth_id="${id}"}`;
  await promtool(
    [[{ good: still, bad: still }]],
    slos.map(
      (id) =>
        `count(${series('slo:sli_total:increase2m', id)}) unless on () ${series('slo:sli_error:ratio_rate6h', id)}`,
    ),
  );
});

/** Tiles as the group lays them: promtool evaluates every group at every step, so every fourth is taken. */
function claim(slothId: string, index: number, events: string, { events: expected, tolerance }: Truth): string {
  const tiles = `slo:sli_${events}:increase2m{sloth_id="${slothId}",case="${index}"}`;
  const counted = `sum_over_time(${tiles}[6m:${tileSeconds}s])`;
  const margin = tolerance + 1e-6 * (1 + expected);
  return `count(abs(${counted} - ${expected}) <= ${margin})`;
}

function sum(truths: readonly Truth[]): Truth {
  return truths.reduce((all, each) => ({
    events: all.events + each.events,
    tolerance: all.tolerance + each.tolerance,
  }));
}

/** Rejects unless every claim is 1 at the end of the timeline. */
async function promtool(cases: readonly (readonly CountedReplica[])[], claims: readonly string[]): Promise<void> {
  const tools = await toolsFor('promtool');
  await using directory = await temporaryDirectory();
  const file = (name: string) => join(directory.path, name);
  for (const each of [slo, good]) {
    const rules = renderRules({ slo: each, source: 'test', timeScale, evaluationIntervalSeconds: 0.5 });
    await writeFile(file(`${each.name}.yaml`), rules);
  }
  const series = cases.flatMap((each, index) =>
    each.flatMap((replica, number) =>
      (['good', 'bad'] as const)
        .filter((result) => replica[result].length > 0)
        .map((result) => ({
          series: `events_total{case="${index}",replica="${number}",result="${result}"}`,
          values: replica[result].map((value) => value ?? '_').join(' '),
        })),
    ),
  );
  const test = {
    rule_files: ['bad.yaml', 'good.yaml'],
    evaluation_interval: '500ms',
    tests: [
      {
        interval: '1s',
        input_series: series,
        promql_expr_test: claims.map((expr) => ({
          expr,
          eval_time: `${timelineSeconds}s`,
          exp_samples: [{ labels: '{}', value: 1 }],
        })),
      },
    ],
  };
  await writeFile(file('test.yaml'), stringify(test, { aliasDuplicateObjects: false, lineWidth: 0 }));
  await run(tools.promtool, ['test', 'rules', file('test.yaml')], { maxBuffer: 1e8 }).catch((error) => {
    throw new Error(`${error.stdout}${error.stderr}`.slice(0, 10_000));
  });
}
