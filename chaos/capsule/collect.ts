import { metrics } from '#catalog/signals.ts';
import { alertSubject } from '../engine/alert-subject.ts';
import type { Drill } from '../engine/drill.ts';
import type { DrillRun } from '../engine/drill-run.ts';
import { entriesOf } from '../engine/ledger.ts';
import { countLines, type LogLine, lines } from '../probes/loki-client.ts';
import { queryRange, type Series } from '../probes/prometheus-client.ts';
import type { AlertHistory, Capsule, Curve, CurveUnit, Interval, LogExcerpt, TraceExcerpt } from './capsule.ts';
import { traceTree } from './trace-tree.ts';

const stepSeconds = 1;
const excerptLines = 8;
const excerptTraces = 2;

const api = 'route=~"/api/.*"';
const rate = (metric: string, matchers: string) => `rate(${metric}{${matchers}}[5s])`;

/** What is looked at of every run, whatever it was about. */
const usual: readonly { title: string; unit: CurveUnit; query: string; name?: string }[] = [
  {
    title: 'Share of requests that fail, at the edge',
    unit: 'share',
    query: `sum(${rate(metrics.edgeRequests, `${api},status=~"5.."`)}) / sum(${rate(metrics.edgeRequests, api)})`,
    name: 'requests that fail',
  },
  {
    title: 'Time in which 95 of 100 requests are answered, at the edge',
    unit: 'seconds',
    query: `histogram_quantile(0.95, sum by (le) (${rate(`${metrics.edgeRequestDuration}_bucket`, api)}))`,
    name: '95th percentile',
  },
  {
    title: 'Requests answered by each replica',
    unit: 'perSecond',
    query: `sum by (upstream) (${rate(metrics.edgeRequests, api)})`,
  },
];

/** Asks the stack, which is still there, for what is worth keeping of a run that is over. What cannot be had is said to be missing. */
export async function collectCapsule(drill: Drill, run: DrillRun): Promise<Capsule> {
  const { target, ledger, clock, signal } = run;
  const fromMs = ledger.entries[0]?.atMs ?? clock.nowMs();
  const toMs = clock.nowMs();
  const missing: string[] = [];
  const orMissing = async <T>(what: string, work: () => Promise<readonly T[]>): Promise<readonly T[]> => {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      missing.push(`${what}: ${(error as Error).message}`);
      return [];
    }
  };
  const inRange = (query: string) => queryRange(target.urls.prometheus, query, { fromMs, toMs, stepSeconds }, signal);

  const wanted = [
    ...usual,
    ...drill.expect.slis.map(({ name, query }) => ({ title: name, unit: 'number' as const, query, name })),
  ];
  const curves = await Promise.all(
    wanted.map(({ title, unit, query, name }) =>
      orMissing(title, async (): Promise<Curve[]> => {
        const series = await inRange(query);
        return [{ title, unit, query, lines: series.map((one) => toLine(one, name)) }];
      }),
    ),
  );
  const alerts = await orMissing('alerts', async () => alertHistories(await inRange('ALERTS')));
  const during = faultPeriod(run, toMs);
  const failing = '{service_name="nginx"} | path=~"/api/.*" | status >= 500';
  const logs = await Promise.all(
    [
      { title: 'The first requests that failed, at the edge', query: failing },
      { title: 'The first errors of the replicas', query: '{service_name="backend", level="error"}' },
      { title: 'The first warnings of the replicas', query: '{service_name="backend", level="warn"}' },
    ].map(({ title, query }) =>
      orMissing(title, async (): Promise<LogExcerpt[]> => {
        const counts = await countLines(target.urls.loki, query, [], during, signal);
        const total = counts.reduce((sum, { count }) => sum + count, 0);
        if (total === 0) return [];
        const found = await lines(target.urls.loki, query, during, excerptLines, signal);
        return [{ title, query, total, lines: found.map(excerptLine) }];
      }),
    ),
  );
  const traces = await orMissing('traces', async () => {
    const found = await lines(target.urls.loki, `${failing} | trace_id != ""`, during, excerptTraces, signal);
    const ids = [...new Set(found.flatMap(({ labels }) => labels.trace_id ?? []))];
    return await Promise.all(
      ids.map(async (traceId): Promise<TraceExcerpt> => {
        const spans = await traceTree(target.urls.jaeger, traceId, signal);
        return { title: 'A request that failed', traceId, spans };
      }),
    );
  });
  return {
    version: 1,
    ledger: ledger.entries,
    ...(drill.runbook === undefined ? {} : { runbook: drill.runbook }),
    curves: curves.flat(),
    alerts,
    logs: logs.flat(),
    traces: traces.filter(({ spans }) => spans.length > 0),
    missing,
  };
}

/** What is told of a line beside its message, where it has it; the rest is in the log. */
const toldFields = [
  'service_instance_id',
  'upstream_address',
  'error_code',
  'error_message',
  'reason',
  'operation',
  'trace_id',
];

function excerptLine({ atMs, line, labels }: LogLine): LogExcerpt['lines'][number] {
  const fields = toldFields.flatMap((name) => (labels[name] ? [`${name}=${labels[name]}`] : []));
  return { atMs, text: [new Date(atMs).toISOString().slice(11, 23), line, ...fields].join('  ') };
}

/** From the first fault on; for a run without any, all of it. */
function faultPeriod({ ledger }: DrillRun, toMs: number): { fromMs: number; toMs: number } {
  const from = entriesOf(ledger.entries, 'injected')[0] ?? ledger.entries[0];
  return { fromMs: from?.atMs ?? toMs, toMs };
}

function toLine({ labels, samples }: Series, name: string | undefined) {
  const points = samples.map(({ atMs, value }) => [atMs, value] as const);
  return { name: name ?? Object.values(labels).join(', '), points };
}

/** Prometheus says for each step whether an alert was pending or firing; steps that follow each other are one interval. */
function alertHistories(series: readonly Series[]): readonly AlertHistory[] {
  const byAlert = Map.groupBy(series, ({ labels: { alertstate: _, ...labels } }) => JSON.stringify(labels));
  return [...byAlert.values()].map((states) => {
    const { alertname = '?', severity = 'none', alertstate: _, ...labels } = states[0]?.labels ?? {};
    const intervalsOf = (state: string) =>
      states.filter((one) => one.labels.alertstate === state).flatMap(({ samples }) => intervals(samples));
    return {
      alert: alertname,
      subject: alertSubject({ alertname, ...labels }),
      severity,
      pending: intervalsOf('pending'),
      firing: intervalsOf('firing'),
    };
  });
}

function intervals(samples: Series['samples']): readonly Interval[] {
  const found: [number, number][] = [];
  for (const { atMs } of samples) {
    const last = found.at(-1);
    if (last && atMs - last[1] <= 1000 * stepSeconds) last[1] = atMs;
    else found.push([atMs, atMs]);
  }
  return found;
}
