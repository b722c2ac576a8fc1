import { authFailure } from './auth-failure.ts';
import { cacheBypass } from './cache-bypass.ts';
import { cacheStampede } from './cache-stampede.ts';
import { databaseError } from './database-error.ts';
import type { Fault } from './fault.ts';
import { httpError } from './http-error.ts';
import { latency } from './latency.ts';
import { poolLeak } from './pool-leak.ts';
import { routeRegression } from './route-regression.ts';
import { slowQuery } from './slow-query.ts';
import { staleData } from './stale-data.ts';
import { tableLock } from './table-lock.ts';
import { timeout } from './timeout.ts';

/** The faults a service knows, one row each. */
export const faults: readonly Fault[] = [
  httpError,
  latency,
  timeout,
  routeRegression,
  authFailure,
  databaseError,
  slowQuery,
  tableLock,
  poolLeak,
  cacheBypass,
  cacheStampede,
  staleData,
] as readonly unknown[] as readonly Fault[];
