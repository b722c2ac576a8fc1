import { Counter, collectDefaultMetrics, Gauge, Histogram, type OpenMetricsContentType, Registry } from 'prom-client';
import {
  durationBucketsSeconds,
  expectedStatuses,
  metrics as names,
  routes,
  unmatchedRoute,
} from '#catalog/signals.ts';
import type { SpanAccount, SpanLoss } from './tracing.ts';

/** Everything a backend counts. Each series is looked up once and then kept by who writes to it. */
export interface Metrics {
  readonly contentType: OpenMetricsContentType;
  /** The exposition in OpenMetrics text. */
  expose(): Promise<string>;
  /** The series of one route and method, one per status. */
  route(method: string, route: string): RouteSeries;
  query(operation: string): QuerySeries;
  cache(cache: string): CacheSeries;
  /** Reads a number of open connections whenever the metrics are scraped. */
  connections(kind: 'http' | 'database', read: () => number): void;
  readonly spans: SpanAccount;
}

export interface RouteSeries {
  /** Counts one request. The ids become the exemplar when its bucket has had none for a while. */
  observe(status: number, durationSeconds: number, exemplar: Exemplar | undefined): void;
}

export interface Exemplar {
  readonly traceId: string;
  readonly spanId: string;
}

export interface QuerySeries {
  /** Only a query that succeeded has a duration, so that "no successful query" can be asked for. */
  succeeded(durationSeconds: number): void;
  failed(): void;
}

export interface CacheSeries {
  hit(): void;
  miss(): void;
  /** A cache that could not be asked; counted next to the miss it causes. */
  failed(): void;
}

export interface MetricsOptions {
  /** Operations and caches of the service: their series exist, at 0, from the start. */
  readonly operations: readonly string[];
  readonly caches: readonly string[];
}

/**
 * A bucket gets a new exemplar at most this often: a scraper sees one per scrape, and writing one for each request is
 * the dearest part of counting it.
 */
const exemplarPeriodMs = 250;

/** Metrics in a registry of their own, pre-initialised at 0, default process metrics included. */
export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  collectDefaultMetrics({ register: registry });

  const requests = new Counter({
    name: names.httpRequests,
    help: 'Requests answered.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  const durations = new Histogram<ObservedLabels>({
    name: names.httpRequestDuration,
    help: 'Time from the arrival of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [...durationBucketsSeconds],
    enableExemplars: true,
    registers: [registry],
  });
  const queryDurations = new Histogram({
    name: names.dbQueryDuration,
    help: 'Time of database queries that succeeded, waiting for a connection included.',
    labelNames: ['operation'],
    buckets: [...durationBucketsSeconds],
    registers: [registry],
  });
  const queryErrors = counter(registry, names.dbQueryErrors, 'Database queries that failed.', 'operation');
  const hits = counter(registry, names.cacheHits, 'Reads answered from the cache.', 'cache');
  const misses = counter(registry, names.cacheMisses, 'Reads the cache could not answer.', 'cache');
  const cacheErrors = counter(registry, names.cacheErrors, 'Cache commands that failed or timed out.', 'cache');
  const spansExported = counter(registry, names.spansExported, 'Spans accepted by the collector.');
  const spansDropped = counter(registry, names.spansDropped, 'Spans that were lost.', 'reason');

  const routeSeries = (method: string, route: string): RouteSeries => {
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
  };
  const query = (operation: string): QuerySeries => {
    const duration = queryDurations.labels(operation);
    const errors = queryErrors.labels(operation);
    return { succeeded: (durationSeconds) => duration.observe(durationSeconds), failed: () => errors.inc() };
  };
  const cache = (name: string): CacheSeries => {
    const bound = { hits: hits.labels(name), misses: misses.labels(name), errors: cacheErrors.labels(name) };
    return { hit: () => bound.hits.inc(), miss: () => bound.misses.inc(), failed: () => bound.errors.inc() };
  };

  for (const { method, route } of [...routes, { method: 'GET', route: unmatchedRoute }]) {
    for (const status of expectedStatuses) {
      requests.inc({ method, route, status }, 0);
      durations.zero({ method, route, status: String(status) });
    }
  }
  for (const operation of options.operations) {
    queryDurations.zero({ operation });
    queryErrors.inc({ operation }, 0);
  }
  for (const name of options.caches) {
    for (const each of [hits, misses, cacheErrors]) each.inc({ cache: name }, 0);
  }
  for (const reason of ['queue_full', 'export_failed'] satisfies SpanLoss[]) spansDropped.inc({ reason }, 0);

  const readers = new Map<string, () => number>();
  new Gauge({
    name: names.activeConnections,
    help: 'Open client connections, and database connections in use.',
    labelNames: ['kind'],
    registers: [registry],
    collect() {
      for (const [kind, read] of readers) this.set({ kind }, read());
    },
  });

  return {
    contentType: registry.contentType,
    expose: () => registry.metrics(),
    route: routeSeries,
    query,
    cache,
    connections: (kind, read) => readers.set(kind, read),
    spans: {
      exported: (spans) => spansExported.inc(spans),
      dropped: (reason, spans) => spansDropped.inc({ reason }, spans),
    },
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

  observe(durationSeconds: number, exemplar: Exemplar | undefined): void {
    this.#requests.inc();
    if (exemplar === undefined || !this.#exemplarIsDue(durationSeconds)) {
      this.#duration.observe(durationSeconds);
      return;
    }
    this.#durations.observe({
      labels: this.#labels,
      value: durationSeconds,
      exemplarLabels: { trace_id: exemplar.traceId, span_id: exemplar.spanId },
    });
  }

  #exemplarIsDue(durationSeconds: number): boolean {
    const edge = durationBucketsSeconds.findIndex((upper) => durationSeconds <= upper);
    const bucket = edge === -1 ? durationBucketsSeconds.length : edge;
    const nowMs = performance.now();
    if (nowMs - (this.#exemplarAtMs[bucket] ?? 0) < exemplarPeriodMs) return false;
    this.#exemplarAtMs[bucket] = nowMs;
    return true;
  }
}

function counter<Label extends string = never>(
  registry: Registry<OpenMetricsContentType>,
  name: string,
  help: string,
  ...labelNames: Label[]
): Counter<Label> {
  return new Counter({ name, help, labelNames, registers: [registry] });
}
