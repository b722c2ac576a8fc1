import { stringify } from 'yaml';
import { type Address, formatAddress } from '#catalog/address.ts';
import { slowTraceSeconds, traceShareSalt } from '#catalog/tracing.ts';

export interface CollectorParams {
  /** Spans come in here, OTLP over HTTP. */
  readonly otlp: Address;
  readonly health: Address;
  readonly metrics: Address;
  readonly backendLogs: readonly { readonly instance: string; readonly path: string }[];
  /** The access log, one EdgeLogLine of the catalog a line. */
  readonly nginxLog: string;
  readonly loki: Address;
  readonly jaegerOtlp: Address;
  /** Share of the traces, 0 to 1, that is kept beside all slow and all failed ones; or the variable that gives it in percent. */
  readonly traceShare: number | Variable;
  /** An existing folder where positions in the files are kept; without it a restart reads from the beginning. */
  readonly storageDir?: string;
}

/** Read by the Collector from its environment when it starts. */
type Variable = `\${env:${string}}`;

const pollInterval = '200ms';

/**
 * The Collector: log files to Loki, spans to Jaeger.
 * A line of a backend that is not JSON (the last words of a crash) is kept as it is, under its replica's name.
 */
export function renderCollector(params: CollectorParams): string {
  const logReceivers = {
    ...Object.fromEntries(
      params.backendLogs.map(({ instance, path }) => [
        `file_log/${instance}`,
        fileLog(path, 'backend', instance, backendOperators, params.storageDir),
      ]),
    ),
    'file_log/nginx': fileLog(params.nginxLog, 'nginx', 'nginx', nginxOperators, params.storageDir),
  };
  return stringify(
    {
      extensions: {
        health_check: { endpoint: formatAddress(params.health) },
        ...(params.storageDir === undefined ? {} : { file_storage: { directory: params.storageDir } }),
      },
      receivers: {
        otlp: { protocols: { http: { endpoint: formatAddress(params.otlp) } } },
        ...logReceivers,
      },
      processors: {
        memory_limiter: { check_interval: '1s', limit_mib: 160, spike_limit_mib: 40 },
        tail_sampling: tailSampling(params.traceShare),
        batch: { timeout: '200ms', send_batch_size: 512, send_batch_max_size: 2048 },
      },
      exporters: {
        'otlp_http/loki': exporter(`http://${formatAddress(params.loki)}/otlp`),
        'otlp_http/jaeger': exporter(`http://${formatAddress(params.jaegerOtlp)}`),
      },
      service: {
        extensions: ['health_check', ...(params.storageDir === undefined ? [] : ['file_storage'])],
        pipelines: {
          logs: {
            receivers: Object.keys(logReceivers),
            processors: ['memory_limiter', 'batch'],
            exporters: ['otlp_http/loki'],
          },
          traces: {
            receivers: ['otlp'],
            processors: ['memory_limiter', 'tail_sampling', 'batch'],
            exporters: ['otlp_http/jaeger'],
          },
        },
        telemetry: {
          resource: { attributes: [{ name: 'service.name', value: 'collector' }] },
          logs: { level: 'warn' },
          metrics: {
            level: 'normal',
            readers: [{ pull: { exporter: { prometheus: { host: params.metrics.host, port: params.metrics.port } } } }],
          },
        },
      },
    },
    { aliasDuplicateObjects: false, lineWidth: 0 },
  );
}

/**
 * Each piece of a trace is looked at when it comes: the first that failed, was slow, or is in the share has the whole trace kept
 * at once, and whatever comes of it later. Until then the trace waits, for that long, in case that another piece, of another
 * service or of a message that the request left behind, has a reason. Who makes room first was not to be kept anyway.
 * What was let go is forgotten (there is no cache of those): a piece that fails later is looked at anew, and kept.
 */
function tailSampling(share: number | Variable) {
  return {
    sampling_strategy: 'span-ingest',
    decision_wait: '10s',
    num_traces: 10_000,
    decision_cache: { sampled_cache_size: 100_000 },
    policies: [
      { name: 'failed', type: 'status_code', status_code: { status_codes: ['ERROR'] } },
      { name: 'slow', type: 'latency', latency: { threshold_ms: 1000 * slowTraceSeconds } },
      {
        name: 'share',
        type: 'probabilistic',
        probabilistic: {
          hash_salt: traceShareSalt,
          sampling_percentage: typeof share === 'number' ? 100 * share : share,
        },
      },
    ],
  };
}

function exporter(endpoint: string) {
  return {
    endpoint,
    compression: 'none',
    retry_on_failure: { initial_interval: '200ms', max_interval: '2s', max_elapsed_time: '0s' },
    sending_queue: { queue_size: 1000, num_consumers: 2 },
  };
}

type Operator = Readonly<Record<string, unknown>> & { readonly type: string };

function fileLog(
  path: string,
  service: string,
  instance: string,
  operators: readonly Operator[],
  storageDir: string | undefined,
) {
  return {
    include: [path],
    start_at: 'beginning',
    poll_interval: pollInterval,
    include_file_name: false,
    preserve_leading_whitespaces: true,
    resource: { 'service.name': service, 'service.instance.id': instance },
    ...(storageDir === undefined ? {} : { storage: 'file_storage' }),
    operators,
  };
}

const parseJson: Operator = { type: 'json_parser', parse_to: 'attributes', on_error: 'send_quiet' };

/** The level is also a resource attribute: that is what Loki makes a label of. */
const level: readonly Operator[] = [
  { type: 'severity_parser', if: 'attributes.level != nil', parse_from: 'attributes.level', on_error: 'send_quiet' },
  moveIfPresent('level', 'resource.level'),
];

const traceContext: readonly Operator[] = [
  {
    type: 'trace_parser',
    if: '(attributes.trace_id ?? "") != ""',
    trace_id: { parse_from: 'attributes.trace_id' },
    span_id: { parse_from: 'attributes.span_id' },
    trace_flags: { parse_from: 'attributes.trace_flags' },
    on_error: 'send_quiet',
  },
  removeIfPresent('trace_id'),
  removeIfPresent('span_id'),
  removeIfPresent('trace_flags'),
];

/** What became a field of the log record, or is said by its resource, is not repeated among the attributes. */
const backendOperators: readonly Operator[] = [
  parseJson,
  ...timestamp('ms'),
  ...level,
  ...traceContext,
  moveIfPresent('msg', 'body'),
  removeIfPresent('service'),
  removeIfPresent('instance'),
];

const nginxOperators: readonly Operator[] = [
  parseJson,
  ...timestamp('s.ms'),
  {
    type: 'add',
    if: 'attributes.status != nil',
    field: 'attributes.level',
    value: 'EXPR(attributes.status >= 500 ? "error" : attributes.status >= 400 ? "warn" : "info")',
  },
  ...level,
  ...traceContext,
  {
    type: 'add',
    if: 'attributes.status != nil',
    field: 'body',
    value: 'EXPR(attributes.method + " " + attributes.path + " " + string(attributes.status))',
  },
  removeIfPresent('service'),
  removeIfPresent('parent_span_id'),
];

/** `ms`: Unix milliseconds, as pino writes them; `s.ms`: Unix seconds with a fraction, as nginx does. */
function timestamp(layout: 'ms' | 's.ms'): readonly Operator[] {
  return [
    {
      type: 'time_parser',
      if: 'attributes.time != nil',
      parse_from: 'attributes.time',
      layout_type: 'epoch',
      layout,
      on_error: 'send_quiet',
    },
    removeIfPresent('time'),
  ];
}

function moveIfPresent(attribute: string, to: string): Operator {
  return { type: 'move', if: `attributes.${attribute} != nil`, from: `attributes.${attribute}`, to };
}

function removeIfPresent(attribute: string): Operator {
  return { type: 'remove', if: `attributes.${attribute} != nil`, field: `attributes.${attribute}` };
}
