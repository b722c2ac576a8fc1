import type { InputSeries, Phase, RuleTest } from '../rule-test.ts';
import { firingAt, series, silentAt } from '../series.ts';

type Signal = 'log_records' | 'spans';

/** Which Collector, and what it exports to. */
interface Exporter {
  readonly exporter: string;
  readonly job?: string;
  readonly instance?: string;
}

const loki: Exporter = { exporter: 'otlp_http/loki' };
const jaeger: Exporter = { exporter: 'otlp_http/jaeger' };
const foreign: Exporter = { ...loki, job: 'other', instance: 'other' };
const second: Exporter = { ...loki, instance: 'collector-2' };

const always = (value: number): Phase => ({ seconds: 1200, value });
const steadily = (perSecond: number): Phase => ({ seconds: 1200, perSecond });
/** A counter that is born with its first increase and stays. */
const bornWith = (value: number): readonly Phase[] => [
  { seconds: 600, absent: true },
  { seconds: 600, value },
];

/** A counter that was there with none. */
const goesTo = (value: number): readonly Phase[] => [
  { seconds: 600, value: 0 },
  { seconds: 600, value },
];

/** What the Collector's counters say: each kind of loss, each signal, each Collector. */
export const collectorTests: readonly RuleTest[] = [
  {
    name: 'stays silent about a Collector that is not ours',
    alert: 'TelemetryExportFailing',
    input: [
      ...queue(loki, 7),
      counter('sent', 'log_records', loki, steadily(50)),
      ...queue(foreign, 900),
      counter('send_failed', 'log_records', foreign, steadily(5)),
      counter('enqueue_failed', 'log_records', foreign, steadily(5)),
    ],
    checks: [silentAt(300), silentAt(1200)],
  },
  {
    name: 'fires while a Collector that is not ours delivers',
    alert: 'TelemetryExportFailing',
    input: [
      ...queue(loki, 1),
      counter('sent', 'log_records', loki, always(5)),
      ...queue(foreign, 0),
      counter('sent', 'log_records', foreign, steadily(50)),
    ],
    checks: [firingAt(1200, { labels: { ...loki }, description: '0.1% of the queue for otlp_http/loki is taken.' })],
  },
  ...(['log_records', 'spans'] as const).flatMap((signal) => refused('send_failed', signal)),
  ...refused('enqueue_failed', 'log_records'),
  {
    name: 'stays silent while spans are delivered and more are waiting',
    alert: 'TelemetryExportFailing',
    input: [...queue(jaeger, 7), counter('sent', 'spans', jaeger, steadily(50))],
    checks: [silentAt(1200)],
  },
  {
    name: 'stays silent at exactly half of its queue, and at three tenths',
    alert: 'TelemetryExportFailing',
    input: [
      ...queue(loki, 500),
      counter('sent', 'log_records', loki, steadily(50)),
      ...queue(jaeger, 300),
      counter('sent', 'spans', jaeger, steadily(50)),
    ],
    checks: [silentAt(1200)],
  },
  {
    name: 'fires after a minute, not two, for the fullest of several queues',
    alert: 'TelemetryExportFailing',
    input: [
      ...queue(loki, 900),
      ...queue(second, 50),
      counter('sent', 'log_records', loki, steadily(50)),
      counter('sent', 'log_records', second, steadily(50)),
    ],
    checks: [firingAt(90, { labels: { ...loki }, description: '90% of the queue for otlp_http/loki is taken.' })],
  },
  {
    name: 'stays silent when only both together have more than half of a queue',
    alert: 'TelemetryExportFailing',
    input: [loki, second].flatMap((each) => [...queue(each, 300), counter('sent', 'log_records', each, steadily(50))]),
    checks: [silentAt(1200)],
  },
  {
    name: 'stays silent while one of two has nothing to deliver',
    alert: 'TelemetryExportFailing',
    input: [
      ...queue(loki, 7),
      ...queue(second, 0),
      counter('sent', 'log_records', loki, always(5)),
      counter('sent', 'log_records', second, always(5)),
    ],
    checks: [silentAt(1200)],
  },
  {
    name: 'fires for spans that find the queue full again and again, of all exporters together',
    alert: 'SpansDropped',
    input: [jaeger, loki].map((exporter) =>
      counter('enqueue_failed', 'spans', exporter, { seconds: 600, value: 10 }, { seconds: 600, value: 22 }),
    ),
    checks: [
      silentAt(600),
      firingAt(780, {
        labels: { instance: 'collector' },
        description: 'collector lost 30 spans in the last 5 minutes.',
      }),
      silentAt(1020),
    ],
  },
  {
    name: 'fires for a single span that found the queue full',
    alert: 'SpansDropped',
    input: [...queue(jaeger, 0), counter('enqueue_failed', 'spans', jaeger, ...bornWith(1))],
    checks: [
      firingAt(780, { labels: { instance: 'collector' } }),
      firingAt(900, { labels: { instance: 'collector' } }),
      silentAt(1200),
    ],
  },
  {
    name: 'fires for a single span that found the queue full, of a counter that is there already',
    alert: 'SpansDropped',
    input: [counter('enqueue_failed', 'spans', jaeger, ...goesTo(1))],
    checks: [
      silentAt(600),
      firingAt(840, {
        labels: { instance: 'collector' },
        description: 'collector lost 1 spans in the last 5 minutes.',
      }),
      silentAt(960),
    ],
  },
  {
    name: 'stays silent about a counter of lost spans that is born with none, and about other counters',
    alert: 'SpansDropped',
    input: [
      counter('enqueue_failed', 'spans', jaeger, ...bornWith(0)),
      counter('enqueue_failed', 'log_records', loki, steadily(5)),
      counter('enqueue_failed', 'log_records', jaeger, ...bornWith(5)),
    ],
    checks: [silentAt(780), silentAt(1200)],
  },
  {
    name: 'stays silent about spans that a Collector lost that is not ours',
    alert: 'SpansDropped',
    input: [
      counter('enqueue_failed', 'spans', foreign, ...bornWith(5)),
      counter('enqueue_failed', 'spans', { ...foreign, exporter: 'x' }, steadily(1)),
    ],
    checks: [silentAt(780), silentAt(1200)],
  },
];

/** Born with its first loss, there already, growing, and born with none. */
function refused(what: string, signal: Signal): readonly RuleTest[] {
  const empty = [...queue(loki, 0), counter('sent', 'log_records', loki, steadily(50))];
  const test = (name: string, input: InputSeries, ...checks: RuleTest['checks']): RuleTest => ({
    name: `${name} (${what}_${signal})`,
    alert: 'TelemetryExportFailing',
    input: [...empty, input],
    checks,
  });
  const said = { labels: { ...loki }, description: '0% of the queue for otlp_http/loki is taken.' };
  return [
    test(
      'fires for a single loss that its counter is born with, and ends',
      counter(what, signal, loki, ...bornWith(1)),
      silentAt(600),
      firingAt(780, said),
      firingAt(900, said),
      silentAt(1200),
    ),
    test(
      'fires for a single loss of a counter that is there already, for five minutes',
      counter(what, signal, loki, ...goesTo(1)),
      silentAt(600),
      firingAt(840, said),
      silentAt(960),
    ),
    test('fires while losses go on', counter(what, signal, loki, steadily(5)), firingAt(1200, said)),
    test(
      'stays silent about a counter that is born with none',
      counter(what, signal, loki, ...bornWith(0)),
      silentAt(780),
      silentAt(1200),
    ),
  ];
}

function labelsOf({ exporter, job = 'collector', instance = 'collector' }: Exporter) {
  return { job, instance, exporter };
}

function queue(exporter: Exporter, size: number): readonly InputSeries[] {
  return [
    series('otelcol_exporter_queue_size', labelsOf(exporter), always(size)),
    series('otelcol_exporter_queue_capacity', labelsOf(exporter), always(1000)),
  ];
}

function counter(what: string, signal: Signal, exporter: Exporter, ...phases: readonly Phase[]): InputSeries {
  return series(`otelcol_exporter_${what}_${signal}`, labelsOf(exporter), ...phases);
}
