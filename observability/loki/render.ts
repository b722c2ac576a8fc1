import { stringify } from 'yaml';
import type { Address } from '#catalog/address.ts';

export interface LokiParams {
  readonly listen: Address;
  /** Between Loki's own parts; needed even in a single process. */
  readonly grpc: Address;
  readonly dataDir: string;
}

/**
 * Loki in one process on local files. Labels are `service_name`, `service_instance_id` and `level`;
 * everything else a log line carries is structured metadata. Nothing is reported to anybody.
 */
export function renderLoki({ listen, grpc, dataDir }: LokiParams): string {
  return stringify({
    auth_enabled: false,
    analytics: { reporting_enabled: false },
    server: {
      http_listen_address: listen.host,
      http_listen_port: listen.port,
      grpc_listen_address: grpc.host,
      grpc_listen_port: grpc.port,
      log_level: 'warn',
    },
    common: {
      instance_addr: grpc.host,
      path_prefix: dataDir,
      replication_factor: 1,
      ring: { kvstore: { store: 'inmemory' } },
      storage: { filesystem: { chunks_directory: `${dataDir}/chunks`, rules_directory: `${dataDir}/rules` } },
    },
    schema_config: {
      configs: [
        {
          from: '2024-01-01',
          store: 'tsdb',
          object_store: 'filesystem',
          schema: 'v13',
          index: { prefix: 'index_', period: '24h' },
        },
      ],
    },
    ingester: {
      lifecycler: { min_ready_duration: '0s', final_sleep: '0s' },
      chunk_encoding: 'snappy',
      wal: { replay_memory_ceiling: '64MB' },
    },
    frontend: { scheduler_dns_lookup_period: '200ms' },
    frontend_worker: { dns_lookup_duration: '200ms' },
    query_range: {
      parallelise_shardable_queries: false,
      results_cache: { cache: { embedded_cache: { enabled: false } } },
    },
    limits_config: {
      allow_structured_metadata: true,
      reject_old_samples: false,
      ingestion_rate_mb: 32,
      ingestion_burst_size_mb: 64,
      per_stream_rate_limit: '32MB',
      per_stream_rate_limit_burst: '64MB',
      split_queries_by_interval: 0,
      discover_log_levels: false,
      discover_service_name: [],
      otlp_config: {
        resource_attributes: {
          ignore_defaults: true,
          attributes_config: [{ action: 'index_label', attributes: ['service.name', 'service.instance.id', 'level'] }],
        },
      },
    },
  });
}
