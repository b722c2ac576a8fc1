import { type Counter, Histogram } from 'prom-client';
import {
  durationBucketsSeconds,
  expectedFailures,
  metrics as names,
  routes,
  unmatchedRoute,
} from '#catalog/signals.ts';
import { counter, type MetricsRegistry, readGauge } from './instruments.ts';

/** What is counted of requests and of the connections they come by. */
export interface HttpMetrics {
  /** The series of one route and method, one per status. */
  route(method: string, route: string): RouteSeries;
  /** Reads a number of open connections whenever the metrics are scraped. */
  connections(kind: 'http' | 'database', read: () => number): void;
  /** A request was refused at once because too many were under way. */
  shed(): void;
  /** A request was answered from what its idempotency key had stored. */
  replayed(): void;
}

export interface RouteSeries {
  /** Counts one request. `exemplar` is asked when its bucket has had none for a while. */
  observe(status: number, durationSeconds: number, exemplar: ExemplarSource | undefined): void;
}

/** Undefined where there is no trace to open. */
export type ExemplarSource = () => Exemplar | undefined;

interface Exemplar {
  readonly traceId: string;
  readonly spanId: string;
}

/**
 * A bucket gets a new exemplar at most this often: a scraper sees one per scrape, and writing one for each request is
 * the dearest part of counting it.
 */
const exemplarPeriodMs = 250;

export function httpMetrics(registry: MetricsRegistry): HttpMetrics {
  const requests = counter(registry, names.httpRequests, 'Requests answered.', 'method', 'route', 'status');
  const durations = new Histogram<ObservedLabels>({
    name: names.httpRequestDuration,
    help: 'Time from the arrival of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [...durationBucketsSeconds],
    enableExemplars: true,
    registers: [registry],
  });
  const shed = counter(registry, names.requestsShed, 'Requests refused because too many were under way.');
  const replays = counter(registry, names.idempotentReplays, 'Requests answered by their idempotency key.');
  // Only a success has its histogram from the start: sixteen series for each failure of each route would be mostly zeroes.
  for (const { method, route, success } of [...routes, { method: 'GET', route: unmatchedRoute, success: 404 }]) {
    for (const status of new Set([success, ...expectedFailures])) requests.inc({ method, route, status }, 0);
    durations.zero({ method, route, status: String(success) });
  }
  const connections = readGauge(
    registry,
    names.activeConnections,
    'Open client connections, and database connections in use.',
    'kind',
  );
  return {
    route(method, route) {
      const byStatus = new Map<number, RouteStatusSeries>();
      const bind = (status: number): RouteStatusSeries => {
        const series = new RouteStatusSeries(requests, durations, { method, route, status: String(status) });
        byStatus.set(status, series);
        return series;
      };
      return {
        observe: (status, durationSeconds, exemplar) =>
          (byStatus.get(status) ?? bind(status)).observe(durationSeconds, exemplar),
      };
    },
    connections: connections.read,
    shed: () => shed.inc(),
    replayed: () => replays.inc(),
  };
}

type RequestLabels = 'method' | 'route' | 'status';

/** The types of prom-client allow as labels of an exemplar only those of its metric. */
type ObservedLabels = RequestLabels | 'trace_id' | 'span_id';

/** Counter and histogram of one method, route and status, bound once. */
class RouteStatusSeries {
  readonly #labels: Record<RequestLabels, string>;
  readonly #requests: Counter.Internal;
  readonly #durations: Histogram<ObservedLabels>;
  readonly #duration: Histogram.Internal<ObservedLabels>;
  /** When each bucket last got an exemplar; the last entry stands for +Inf. */
  readonly #exemplarAtMs = new Float64Array(durationBucketsSeconds.length + 1).fill(Number.NEGATIVE_INFINITY);

  constructor(
    requests: Counter<RequestLabels>,
    durations: Histogram<ObservedLabels>,
    labels: Record<RequestLabels, string>,
  ) {
    this.#labels = labels;
    this.#requests = requests.labels(labels);
    this.#durations = durations;
    this.#duration = durations.labels(labels);
  }

  observe(durationSeconds: number, exemplarOf: ExemplarSource | undefined): void {
    this.#requests.inc();
    const bucket = bucketOf(durationSeconds);
    const nowMs = performance.now();
    const isDue = nowMs - (this.#exemplarAtMs[bucket] ?? 0) >= exemplarPeriodMs;
    const exemplar = isDue ? exemplarOf?.() : undefined;
    if (exemplar === undefined) {
      this.#duration.observe(durationSeconds);
      return;
    }
    this.#exemplarAtMs[bucket] = nowMs;
    this.#durations.observe({
      labels: this.#labels,
      value: durationSeconds,
      exemplarLabels: { trace_id: exemplar.traceId, span_id: exemplar.spanId },
    });
  }
}

/** The bucket after the last edge is +Inf's. */
function bucketOf(durationSeconds: number): number {
  const edge = durationBucketsSeconds.findIndex((upper) => durationSeconds <= upper);
  return edge === -1 ? durationBucketsSeconds.length : edge;
}
