import { stringify } from 'yaml';
import { type Address, formatAddress } from '#catalog/address.ts';

export interface JaegerParams {
  /** API and page. */
  readonly query: Address;
  /** OTLP over HTTP comes in here. */
  readonly otlp: Address;
  readonly health: Address;
  readonly metrics: Address;
  /** The oldest traces make room beyond this. */
  readonly maxTraces?: number;
}

/** Jaeger v2 in one process, traces in memory. Configuration in the Collector's format. */
export function renderJaeger({ query, otlp, health, metrics, maxTraces = 20_000 }: JaegerParams): string {
  return stringify({
    extensions: {
      healthcheckv2: { use_v2: true, http: { endpoint: formatAddress(health) } },
      jaeger_storage: { backends: { memory: { memory: { max_traces: maxTraces } } } },
      jaeger_query: {
        storage: { traces: 'memory' },
        // Its own requests, which it would send to whoever listens on 4317, and wait ten seconds for at its end.
        enable_tracing: false,
        http: { endpoint: formatAddress(query) },
        grpc: { endpoint: formatAddress({ host: query.host, port: 0 }) },
      },
    },
    receivers: { otlp: { protocols: { http: { endpoint: formatAddress(otlp) } } } },
    exporters: { jaeger_storage_exporter: { trace_storage: 'memory' } },
    service: {
      extensions: ['healthcheckv2', 'jaeger_storage', 'jaeger_query'],
      pipelines: { traces: { receivers: ['otlp'], exporters: ['jaeger_storage_exporter'] } },
      telemetry: {
        resource: { 'service.name': 'jaeger' },
        logs: { level: 'warn' },
        metrics: {
          level: 'normal',
          readers: [{ pull: { exporter: { prometheus: { host: metrics.host, port: metrics.port } } } }],
        },
      },
    },
  });
}
