import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_SYSTEM_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
} from '@opentelemetry/semantic-conventions';
import { Redis } from 'ioredis';
import type { Logger } from '#observability/sdk/logger.ts';
import type { Metrics } from '#observability/sdk/metrics/metrics.ts';
import type { CacheSeries } from '#observability/sdk/metrics/stores.ts';
import type { Tracing } from '#observability/sdk/tracing.ts';

export interface CacheDeps {
  readonly host: string;
  readonly port: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
}

/** Serialised bodies in Valkey. It only ever makes things faster: when it is down, reads go to where the data is. */
export interface Cache {
  /**
   * The body under `key` of the cache `name`, or what `load` makes of it, kept for 300 s. Reads of one key that miss
   * together load once per process.
   */
  readThrough(name: string, key: string, load: () => Promise<string>): Promise<Buffer>;
  /** Resolves when the cache answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

const timeToLiveSeconds = 300;

/** A command that takes longer than this costs more than the database read it saves. */
const commandTimeoutMs = 200;

/** Connects in the background, and again whenever the connection was lost. */
export function createCache({ host, port, logger, metrics, tracing }: CacheDeps): Cache {
  const client = new Redis({
    host,
    port,
    commandTimeout: commandTimeoutMs,
    connectTimeout: 1_000,
    // A command is answered or fails now: nothing waits in memory for a cache that may not come back.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 100, 1_000),
  });
  reportState(client, logger);
  const spans = { get: describe('GET', host, port), set: describe('SET', host, port) };
  const seriesOf = memoised((name: string) => metrics.cache(name));
  const loading = new Map<string, Promise<Buffer>>();

  const read = async (key: string, series: CacheSeries): Promise<Buffer | null> => {
    if (client.status !== 'ready') {
      series.failed();
      return null;
    }
    try {
      return await tracing.inClientSpan('GET', spans.get, () => client.getBuffer(key));
    } catch {
      series.failed();
      return null;
    }
  };

  const write = async (key: string, body: Buffer, series: CacheSeries): Promise<void> => {
    if (client.status !== 'ready') return;
    try {
      await tracing.inClientSpan('SET', spans.set, () => client.set(key, body, 'EX', timeToLiveSeconds));
    } catch {
      series.failed();
    }
  };

  const load = async (key: string, series: CacheSeries, source: () => Promise<string>): Promise<Buffer> => {
    const body = Buffer.from(await source());
    // The caller does not wait for the write: it has what it came for.
    void write(key, body, series);
    return body;
  };

  return {
    async readThrough(name, key, source) {
      const series = seriesOf(name);
      const fullKey = `${name}:${key}`;
      const cached = await read(fullKey, series);
      if (cached !== null) {
        series.hit();
        return cached;
      }
      series.miss();
      const underWay = loading.get(fullKey);
      if (underWay !== undefined) return underWay;
      const started = load(fullKey, series, source).finally(() => loading.delete(fullKey));
      loading.set(fullKey, started);
      return started;
    },
    async ping() {
      await client.ping();
    },
    async close() {
      client.disconnect();
    },
  };
}

/** One line when the cache is lost and one when it is back, not one per attempt. */
function reportState(client: Redis, logger: Logger): void {
  let lost = false;
  let reason = 'connection closed';
  client.on('error', (error) => {
    reason = error.message;
  });
  client.on('close', () => {
    if (!lost && client.status !== 'end') logger.warn({ error_message: reason }, 'cache lost');
    lost = true;
  });
  client.on('ready', () => {
    if (lost) logger.info('cache back');
    lost = false;
  });
}

/** @source https://opentelemetry.io/docs/specs/semconv/db/redis/: Valkey speaks the protocol and has no name of its own there */
function describe(operation: string, host: string, port: number): Attributes {
  return {
    [ATTR_DB_SYSTEM_NAME]: 'redis',
    [ATTR_DB_OPERATION_NAME]: operation,
    [ATTR_SERVER_ADDRESS]: host,
    [ATTR_SERVER_PORT]: port,
  };
}

function memoised<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}
