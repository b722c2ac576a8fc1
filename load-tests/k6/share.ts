import type { Objective } from '../gate/objective.ts';
import type { Threshold } from './threshold.ts';

export interface Metric {
  readonly type: 'counter' | 'gauge' | 'rate' | 'trend';
  /** Its values are milliseconds. */
  readonly isTime: boolean;
}

/** A threshold that bounds how large a share of the samples may be bad: something that an interval can be put around. */
export interface Share {
  readonly objective: Objective;
  isBad(value: number): boolean;
}

/**
 * `rate<0.01` of a rate, and `p(95)<500` of a trend: at most 5 % of the samples may be 500 or more. Undefined of all else: an average, a
 * maximum, a count; and of what allows none or all to be bad, which no number of samples shows.
 */
export function shareOf(threshold: Threshold, { type, isTime }: Metric): Share | undefined {
  const share =
    type === 'rate' ? shareOfRate(threshold) : type === 'trend' ? shareOfTrend(threshold, isTime) : undefined;
  if (share === undefined) return undefined;
  const limit = Number(share.limit.toFixed(10));
  if (!(limit > 0 && limit < 1)) return undefined;
  const { isBad, bad } = share;
  return { isBad, objective: { name: threshold.name, bad, limit, events: eventsOf(threshold.metric) } };
}

interface Bound {
  readonly limit: number;
  readonly bad: string;
  isBad(value: number): boolean;
}

function shareOfRate({ metric, aggregation, operator, value }: Threshold): Bound | undefined {
  if (aggregation !== 'rate') return undefined;
  if (operator === '<' || operator === '<=') {
    return {
      limit: value,
      bad: metric === 'http_req_failed' ? 'failed' : 'were true',
      isBad: (sample) => sample !== 0,
    };
  }
  if (operator === '>' || operator === '>=') {
    return {
      limit: 1 - value,
      bad: metric === 'checks' ? 'did not hold' : 'were false',
      isBad: (sample) => sample === 0,
    };
  }
  return undefined;
}

function shareOfTrend({ aggregation, operator, value }: Threshold, isTime: boolean): Bound | undefined {
  const percentile = percentileOf(aggregation);
  if (percentile === undefined || (operator !== '<' && operator !== '<=')) return undefined;
  const limit = 1 - percentile / 100;
  const [took, unit] = isTime ? ['took', ' ms'] : ['were', ''];
  return operator === '<'
    ? { limit, bad: `${took} ${value}${unit} or more`, isBad: (sample) => sample >= value }
    : { limit, bad: `${took} more than ${value}${unit}`, isBad: (sample) => sample > value };
}

export function percentileOf(aggregation: Threshold['aggregation']): number | undefined {
  if (typeof aggregation === 'object') return aggregation.percentile;
  return aggregation === 'med' ? 50 : undefined;
}

function eventsOf(metric: string): string {
  if (metric.startsWith('http_req') || metric.startsWith('grpc_req')) return 'requests';
  if (metric === 'checks') return 'checks';
  return metric === 'iteration_duration' ? 'iterations' : `values of ${metric}`;
}
