/** Names and shapes of what the stack emits; rules, dashboards, drills and tests read them from here. */

/** Upper bucket edges in seconds. Every latency SLO threshold must be one of them. */
export const durationBucketsSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 2.5, 5, 10] as const;

/** Route templates of the backend: the only values the label `route` may take, next to `unmatched`. */
export const routes = [
  { method: 'GET', route: '/health' },
  { method: 'GET', route: '/health/live' },
  { method: 'GET', route: '/health/ready' },
  { method: 'GET', route: '/health/startup' },
  { method: 'GET', route: '/metrics' },
  { method: 'GET', route: '/api/backend/data' },
  { method: 'GET', route: '/api/backend/users' },
] as const;

export const unmatchedRoute = 'unmatched';

/** Statuses a route is expected to answer with: their series exist, at 0, from the start. */
export const expectedStatuses = [200, 400, 404, 429, 500, 502, 503, 504] as const;

/** Statuses of the API whose edge series exist, at 0, from the start. */
export const edgeStatuses = [200, 500, 502, 503, 504] as const;

/** Label `upstream` of the edge metrics when nginx answered by itself. */
export const noUpstream = 'none';

/**
 * Values of the label `method`; any other a client makes up is `otherMethod`.
 * @source https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
export const methods: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'CONNECT',
  'TRACE',
]);
export const otherMethod = '_OTHER';

/** Label `status` of the edge metrics where nginx logged none of HTTP. */
export const otherStatus = 'other';

export const metrics = {
  /** Backend, counter by method, route, status. */
  httpRequests: 'http_requests_total',
  /** Backend, histogram by method, route, status. */
  httpRequestDuration: 'http_request_duration_seconds',
  /** What users got, counted at nginx from its access log: method, route, status, upstream (replica name or `none`). */
  edgeRequests: 'edge_http_requests_total',
  /** Histogram by method, route. */
  edgeRequestDuration: 'edge_http_request_duration_seconds',
  /** Histogram by operation; only queries that succeeded. */
  dbQueryDuration: 'db_query_duration_seconds',
  /** Counter by operation. */
  dbQueryErrors: 'db_query_errors_total',
  /** Counters by cache; a cache that cannot be asked counts a miss and an error. */
  cacheHits: 'cache_hits_total',
  cacheMisses: 'cache_misses_total',
  cacheErrors: 'cache_errors_total',
  /** Gauge by kind: `http` (open client connections), `database` (connections in use). */
  activeConnections: 'active_connections',
  spansExported: 'trace_spans_exported_total',
  /** Counter by reason: `queue_full`, `export_failed`. */
  spansDropped: 'trace_spans_dropped_total',
} as const;

/** Fields at the top level of every log line of our services. `level` is a word, `time` Unix milliseconds. */
export const logFields = [
  'level',
  'time',
  'service',
  'instance',
  'trace_id',
  'span_id',
  'trace_flags',
  'request_id',
  'msg',
] as const;

/** One line of the nginx access log (JSON, one object a line). Numbers are numbers; absent upstream is the empty string. */
export interface EdgeLogLine {
  /** Unix seconds with milliseconds, when the answer was complete. */
  readonly time: number;
  readonly service: 'nginx';
  readonly request_id: string;
  readonly trace_id: string;
  readonly method: string;
  /** Path without the query string. */
  readonly path: string;
  readonly status: number;
  readonly duration_seconds: number;
  readonly bytes_sent: number;
  /** Comma-separated where more than one was tried, last one answered. */
  readonly upstream_address: string;
  readonly upstream_status: string;
  readonly upstream_duration_seconds: string;
}
