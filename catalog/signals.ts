/** Names and shapes of what the stack emits; rules, dashboards, drills and tests read them from here. */

/** Upper bucket edges in seconds. Every latency SLO threshold must be one of them. */
export const durationBucketsSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 2.5, 5, 10] as const;

/** Route templates of the backend: the only values the label `route` may take, next to `unmatched`. `success`: the status when all is well. */
export const routes = [
  { method: 'GET', route: '/health', success: 200 },
  { method: 'GET', route: '/health/live', success: 200 },
  { method: 'GET', route: '/health/ready', success: 200 },
  { method: 'GET', route: '/health/startup', success: 200 },
  { method: 'GET', route: '/metrics', success: 200 },
  { method: 'GET', route: '/openapi.json', success: 200 },
  { method: 'GET', route: '/api/backend/status', success: 200 },
  { method: 'GET', route: '/api/backend/data', success: 200 },
  { method: 'POST', route: '/api/backend/data', success: 201 },
  { method: 'GET', route: '/api/backend/data/summary', success: 200 },
  { method: 'GET', route: '/api/backend/data/:id', success: 200 },
  { method: 'PUT', route: '/api/backend/data/:id', success: 200 },
  { method: 'DELETE', route: '/api/backend/data/:id', success: 204 },
  { method: 'GET', route: '/api/backend/users', success: 200 },
  { method: 'GET', route: '/api/backend/queue', success: 200 },
  { method: 'POST', route: '/api/backend/queue', success: 202 },
  { method: 'GET', route: '/api/backend/queue/dead-letter', success: 200 },
  { method: 'DELETE', route: '/api/backend/queue/dead-letter', success: 200 },
  { method: 'POST', route: '/api/backend/queue/dead-letter/replay', success: 200 },
  { method: 'DELETE', route: '/api/backend/queue/dead-letter/:id', success: 204 },
  { method: 'POST', route: '/api/backend/queue/dead-letter/:id/replay', success: 202 },
  { method: 'GET', route: '/api/backend/error/:type', success: 200 },
] as const;

export const unmatchedRoute = 'unmatched';

/** Statuses next to its success that a route of the API is expected to answer with: their series exist, at 0, from the start. */
export const expectedFailures = [400, 401, 403, 404, 500, 502, 503, 504] as const;

/** Statuses next to its success that users get at the edge: their series exist, at 0, from the start. */
export const edgeFailures = [429, 500, 502, 503, 504] as const;

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

/** The queues, most urgent first, and where messages go that nothing could be done with. */
export const priorityQueues = ['high-priority', 'medium-priority', 'low-priority'] as const;
export const deadLetterQueue = 'dead-letter';
export const queues = [...priorityQueues, deadLetterQueue] as const;
export type PriorityQueueName = (typeof priorityQueues)[number];
export type QueueName = (typeof queues)[number];

/** Label `result` of what was found at a look at a queue. */
export const freshnessResults = ['fresh', 'stale'] as const;
export type Freshness = (typeof freshnessResults)[number];

/** What a backend depends on, label `dependency`. */
export const dependencies = ['database', 'cache', 'queue'] as const;
export type DependencyName = (typeof dependencies)[number];

export const metrics = {
  /** Backend, counter by method, route, status. */
  httpRequests: 'http_requests_total',
  /** Backend, histogram by method, route, status. */
  httpRequestDuration: 'http_request_duration_seconds',
  /** What users got, counted at nginx from its access log: method, route, status, upstream (replica name or `none`). */
  edgeRequests: 'edge_http_requests_total',
  /** Histogram by method, route. */
  edgeRequestDuration: 'edge_http_request_duration_seconds',
  /** Gauge by upstream: 1 when it answered a health check of the edge well, 0 when not. */
  edgeUpstreamHealthy: 'edge_upstream_healthy',
  /** Counter by upstream and result: `right`, `wrong`. Answers of replicas to questions whose answer is known. */
  edgeAnswersChecked: 'edge_answers_checked_total',
  /** Histogram by operation; only queries that succeeded. */
  dbQueryDuration: 'db_query_duration_seconds',
  /** Counter by operation. */
  dbQueryErrors: 'db_query_errors_total',
  /** Counters by cache; a cache that cannot be asked counts a miss and an error. */
  cacheHits: 'cache_hits_total',
  cacheMisses: 'cache_misses_total',
  cacheErrors: 'cache_errors_total',
  /** Counter by operation: queries slower than 100 ms. */
  dbSlowQueries: 'db_slow_queries_total',
  /** Counter by cache: reads answered with an old copy because the database could not be asked. */
  cacheStaleReads: 'cache_stale_reads_total',
  /** Gauges by queue. Every replica sees the same queues: take the maximum, not the sum. */
  queueSize: 'queue_size',
  queueOldestAge: 'queue_oldest_message_age_seconds',
  /** Counter by priority queue and result: `fresh`, `stale`. Looks at which the oldest message is young enough, or not. */
  queueFreshnessChecks: 'queue_freshness_checks_total',
  /** Counters by queue; `failed` counts attempts. */
  queueAccepted: 'queue_messages_accepted_total',
  queueProcessed: 'queue_messages_processed_total',
  queueFailed: 'queue_messages_failed_total',
  queueDeadLettered: 'queue_messages_dead_lettered_total',
  /** Histogram by queue: from reservation to acknowledgement. */
  queueProcessingDuration: 'queue_message_processing_duration_seconds',
  /** Gauge by dependency: 0 closed, 1 half-open, 2 open. */
  circuitBreakerState: 'circuit_breaker_state',
  /** Counter by dependency. */
  circuitBreakerOpened: 'circuit_breaker_opened_total',
  /** Gauges and counter by dependency. */
  bulkheadActive: 'bulkhead_active',
  bulkheadWaiting: 'bulkhead_waiting',
  bulkheadRejected: 'bulkhead_rejected_total',
  /** Counters by dependency; suppressed: the budget was spent. */
  retries: 'retries_total',
  retriesSuppressed: 'retries_suppressed_total',
  /** Gauge by dependency: retries that may still be made. */
  retryBudget: 'retry_budget_tokens',
  /** Requests refused at once because too many were under way. */
  requestsShed: 'http_requests_shed_total',
  /** Requests answered again from what their idempotency key had stored. */
  idempotentReplays: 'idempotent_replays_total',
  /** Gauge by kind: `http` (open client connections), `database` (connections in use). */
  activeConnections: 'active_connections',
  /** Counter by level: lines logged. */
  logLines: 'log_lines_total',
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
  /** Of the edge in this trace. */
  readonly span_id: string;
  /** Hexadecimal; the lowest bit says whether the trace is recorded. */
  readonly trace_flags: string;
  /** Of the client that sent a trace, or empty. */
  readonly parent_span_id: string;
  readonly method: string;
  /** Path without the query string, cut where it holds an e-mail address. */
  readonly path: string;
  readonly status: number;
  readonly duration_seconds: number;
  readonly bytes_sent: number;
  /** Comma-separated where more than one was tried, last one answered. */
  readonly upstream_address: string;
  readonly upstream_status: string;
  readonly upstream_duration_seconds: string;
}
