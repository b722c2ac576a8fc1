import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_SYSTEM_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
} from '@opentelemetry/semantic-conventions';
import type { Logger } from '#observability/sdk/logger.ts';
import type { Metrics } from '#observability/sdk/metrics/metrics.ts';
import type { Tracing } from '#observability/sdk/tracing.ts';
import type { Clock } from '../platform/clock.ts';

/** What an adapter to a Valkey is made of. */
export interface ValkeyAdapterDeps {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
}

/** A command is answered or fails now: none waits in memory for a Valkey that may not come back. */
export const failFast = {
  connectTimeout: 1_000,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  retryStrategy: (attempt: number) => Math.min(attempt * 100, 1_000),
} as const;

/** @source https://opentelemetry.io/docs/specs/semconv/db/redis/: Valkey speaks the protocol and has no name of its own there */
export function describeCommand(operation: string, { host, port }: { host: string; port: number }): Attributes {
  return {
    [ATTR_DB_SYSTEM_NAME]: 'redis',
    [ATTR_DB_OPERATION_NAME]: operation,
    [ATTR_SERVER_ADDRESS]: host,
    [ATTR_SERVER_PORT]: port,
  };
}
