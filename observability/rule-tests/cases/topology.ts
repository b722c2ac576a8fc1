import { metrics } from '#catalog/signals.ts';
import type { InputSeries, Phase, RuleTest } from '../rule-test.ts';
import { firingAt, series, silentAt } from '../series.ts';

const replicaImbalance: readonly RuleTest[] = [
  {
    name: 'fires for the replica that draws the traffic, and for the one that has too little',
    alert: 'ReplicaImbalance',
    input: answered(900, { 'backend-1': 10, 'backend-2': 90, none: 500 }),
    checks: [
      silentAt(300),
      firingAt(
        900,
        { labels: { upstream: 'backend-1' }, description: 'backend-1 answers 0.20 times its fair share of requests.' },
        { labels: { upstream: 'backend-2' }, description: 'backend-2 answers 1.80 times its fair share of requests.' },
      ),
    ],
  },
  {
    name: 'stays silent while three replicas have roughly as much',
    alert: 'ReplicaImbalance',
    input: answered(900, { 'backend-1': 40, 'backend-2': 35, 'backend-3': 25 }),
    checks: [silentAt(900)],
  },
  {
    name: 'stays silent with a single replica',
    alert: 'ReplicaImbalance',
    input: answered(900, { 'backend-1': 100, none: 5 }),
    checks: [silentAt(900)],
  },
  {
    name: 'stays silent with so few requests that chance decides',
    alert: 'ReplicaImbalance',
    input: [...everyMinute('backend-1', 2), ...everyMinute('backend-2', 14)],
    checks: [silentAt(900)],
  },
];

const restartLoop: readonly RuleTest[] = [
  {
    name: 'fires with the third restart in 15m, and ends when it stays up',
    alert: 'RestartLoop',
    input: [started(1, 2, 3, 4)],
    checks: [
      silentAt(720),
      firingAt(960, {
        labels: { instance: 'backend-1' },
        description: 'backend-1 started 3 times in the last 15 minutes.',
      }),
      silentAt(2400),
    ],
  },
  {
    name: 'stays silent on two deployments',
    alert: 'RestartLoop',
    input: [started(1, 2, 3)],
    checks: [silentAt(720), silentAt(2400)],
  },
];

export const topologyTests: readonly RuleTest[] = [...replicaImbalance, ...restartLoop];

function answered(seconds: number, perSecondByUpstream: Readonly<Record<string, number>>): readonly InputSeries[] {
  return Object.entries(perSecondByUpstream).map(([upstream, perSecond]) =>
    series(
      metrics.edgeRequests,
      { upstream, method: 'GET', route: '/api/backend/data', status: '200' },
      { seconds, perSecond },
    ),
  );
}

/** So many in each minute of production, whatever that is at the scale. */
function everyMinute(upstream: string, requests: number): readonly InputSeries[] {
  const phases = Array.from({ length: 15 }, (_, index) => ({ seconds: 60, value: (index + 1) * requests }));
  const labels = { upstream, method: 'GET', route: '/api/backend/data', status: '200' };
  return [series(metrics.edgeRequests, labels, ...phases)];
}

/** A process that runs for 4m and is gone for one, and in the end stays. */
function started(...times: readonly number[]): InputSeries {
  const phases: readonly Phase[] = times.flatMap((value, index) =>
    index === times.length - 1
      ? [{ seconds: 1800, value }]
      : [
          { seconds: 240, value },
          { seconds: 60, absent: true as const },
        ],
  );
  return series('process_start_time_seconds', { job: 'backend', instance: 'backend-1' }, ...phases);
}
