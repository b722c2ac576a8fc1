import { authFailure } from './auth-failure.ts';
import { cacheBypass } from './cache-bypass.ts';
import { cacheStampede } from './cache-stampede.ts';
import { consumerStuck } from './consumer-stuck.ts';
import { cpuBurn } from './cpu-burn.ts';
import { crash } from './crash.ts';
import { databaseError } from './database-error.ts';
import { eventLoopBlock } from './event-loop-block.ts';
import type { Fault } from './fault.ts';
import { httpError } from './http-error.ts';
import { latency } from './latency.ts';
import { logFlood } from './log-flood.ts';
import { memoryLeak } from './memory-leak.ts';
import { memorySpike } from './memory-spike.ts';
import { metricCardinality } from './metric-cardinality.ts';
import { poisonMessage } from './poison-message.ts';
import { poolLeak } from './pool-leak.ts';
import { queueFlood } from './queue-flood.ts';
import { routeRegression } from './route-regression.ts';
import { slowQuery } from './slow-query.ts';
import { staleData } from './stale-data.ts';
import { tableLock } from './table-lock.ts';
import { telemetryLoss } from './telemetry-loss.ts';
import { timeout } from './timeout.ts';

/** The faults a service knows, one row each. */
export const faults: readonly Fault[] = [
  httpError,
  authFailure,
  cacheBypass,
  cacheStampede,
  consumerStuck,
  cpuBurn,
  crash,
  databaseError,
  eventLoopBlock,
  latency,
  logFlood,
  memoryLeak,
  memorySpike,
  metricCardinality,
  poisonMessage,
  poolLeak,
  queueFlood,
  routeRegression,
  slowQuery,
  staleData,
  tableLock,
  telemetryLoss,
  timeout,
];
