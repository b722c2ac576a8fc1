import { replicaLimits } from '#catalog/limits.ts';
import { metrics } from '#catalog/signals.ts';
import type { InputSeries, Phase, RuleTest } from '../rule-test.ts';
import { firingAt, series, silentAt } from '../series.ts';

const backend = { job: 'backend', instance: 'backend-1' };

const memoryNearLimit: readonly RuleTest[] = [
  {
    name: 'fires at 245 MiB',
    alert: 'MemoryNearLimit',
    input: [memory(245, 600)],
    checks: [
      silentAt(240),
      firingAt(600, { labels: { instance: 'backend-1' }, description: 'backend-1 uses 245MiB of 256 MiB.' }),
    ],
  },
  { name: 'stays silent at 225 MiB', alert: 'MemoryNearLimit', input: [memory(225, 900)], checks: [silentAt(900)] },
];

const eventLoopLag: readonly RuleTest[] = [
  {
    name: 'fires at 150 ms',
    alert: 'EventLoopLag',
    input: [lag({ seconds: 900, value: 0.15 })],
    checks: [
      silentAt(240),
      firingAt(600, {
        labels: { instance: 'backend-1' },
        description: 'One in a hundred turns of the event loop of backend-1 is late by 150ms.',
      }),
    ],
  },
  {
    name: 'stays silent at 90 ms, and on four minutes at a second',
    alert: 'EventLoopLag',
    input: [lag({ seconds: 600, value: 0.09 }, { seconds: 240, value: 1 }, { seconds: 600, value: 0.09 })],
    checks: [silentAt(600), silentAt(840), silentAt(1440)],
  },
];

const poolSaturation: readonly RuleTest[] = [
  {
    name: 'fires when calls wait',
    alert: 'PoolSaturation',
    input: calls({ seconds: 900, value: 10 }, { seconds: 900, value: 5 }),
    checks: [
      silentAt(240),
      firingAt(600, {
        labels: { instance: 'backend-1' },
        description: 'Calls under way and waiting at backend-1 want 150% of its 10 database connections.',
      }),
    ],
  },
  {
    name: 'fires when nine of ten are taken',
    alert: 'PoolSaturation',
    input: calls({ seconds: 900, value: 9 }, { seconds: 900, value: 0 }),
    checks: [
      firingAt(900, {
        labels: { instance: 'backend-1' },
        description: 'Calls under way and waiting at backend-1 want 90% of its 10 database connections.',
      }),
    ],
  },
  {
    name: 'stays silent when eight of ten are taken',
    alert: 'PoolSaturation',
    input: calls({ seconds: 900, value: 8 }, { seconds: 900, value: 0 }),
    checks: [silentAt(900)],
  },
  {
    name: 'stays silent when it is another dependency that calls wait for',
    alert: 'PoolSaturation',
    input: calls({ seconds: 900, value: 10 }, { seconds: 900, value: 5 }, 'cache'),
    checks: [silentAt(900)],
  },
];

const circuitBreakerOpen: readonly RuleTest[] = [
  {
    name: 'fires while it is open, also when it tries in between, and ends when it is closed',
    alert: 'CircuitBreakerOpen',
    input: [
      breaker(
        { seconds: 120, value: 0 },
        { seconds: 120, value: 2 },
        { seconds: 120, value: 1 },
        { seconds: 120, value: 2 },
        { seconds: 300, value: 0 },
      ),
    ],
    checks: [120, 240, 360, 480, 720].map((atSeconds) =>
      atSeconds === 120 || atSeconds === 720
        ? silentAt(atSeconds)
        : firingAt(atSeconds, {
            labels: { instance: 'backend-1', dependency: 'database' },
            description: 'The circuit breaker of backend-1 for the database is in state 2: 2 is open.',
          }),
    ),
  },
  {
    name: 'stays silent while it is closed or tries',
    alert: 'CircuitBreakerOpen',
    input: [breaker({ seconds: 300, value: 0 }, { seconds: 300, value: 1 })],
    checks: [silentAt(300), silentAt(600)],
  },
];

export const saturationTests: readonly RuleTest[] = [
  ...memoryNearLimit,
  ...eventLoopLag,
  ...poolSaturation,
  ...circuitBreakerOpen,
];

function memory(mebibytes: number, seconds: number): InputSeries {
  const value = (mebibytes / 256) * replicaLimits.memoryBytes;
  return series('process_resident_memory_bytes', backend, { seconds, value });
}

function lag(...phases: readonly Phase[]): InputSeries {
  return series('nodejs_eventloop_lag_p99_seconds', backend, ...phases);
}

function calls(active: Phase, waiting: Phase, dependency = 'database'): readonly InputSeries[] {
  return [
    series(metrics.bulkheadActive, { ...backend, dependency }, active),
    series(metrics.bulkheadWaiting, { ...backend, dependency }, waiting),
  ];
}

function breaker(...phases: readonly Phase[]): InputSeries {
  return series(metrics.circuitBreakerState, { ...backend, dependency: 'database' }, ...phases);
}
