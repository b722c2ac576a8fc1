import { type Job, jobs } from '#catalog/services.ts';

/** What a panel asks Prometheus for. */
export interface Query {
  readonly expr: string;
  /** `{{label}}` is the value of a label; the whole set of labels when absent. */
  readonly legend?: string;
  /** One value, of now, rather than a line. */
  readonly instant?: true;
  /** Rows of a table, or buckets of a heatmap. */
  readonly format?: 'table' | 'heatmap';
  /** Show exemplars, each of which opens its trace. */
  readonly exemplars?: true;
}

/** Series of what the dashboard is about: those of the chosen job and instances. */
export function chosen(metric: string, ...matchers: readonly string[]): string {
  return selector(metric, 'job=~"$job"', 'instance=~"$instance"', ...matchers);
}

/** Series of one job, whatever is chosen. */
export function of(job: Job, metric: string, ...matchers: readonly string[]): string {
  return selector(metric, `job="${job}"`, ...matchers);
}

/** What users got at the edge. */
export function edge(metric: string, ...matchers: readonly string[]): string {
  return of(jobs.edge, metric, 'route=~"/api/.*"', ...matchers);
}

export function selector(metric: string, ...matchers: readonly string[]): string {
  return `${metric}{${matchers.join(', ')}}`;
}

/** Per second. */
export function rate(series: string): string {
  return `rate(${series}[$__rate_interval])`;
}

/** How many within the range that is on the screen. */
export function inRange(series: string): string {
  return `increase(${series}[$__range])`;
}

export function sum(by: string, expr: string): string {
  return by === '' ? `sum(${expr})` : `sum by (${by}) (${expr})`;
}

/** 0..1; 0 where there was nothing to divide by, rather than nothing to see. */
export function share(part: string, whole: string): string {
  return `${part}\n/\n(${whole} > 0)\nor\n0 * ${whole}`;
}

/** Of a histogram with buckets; `buckets` selects `…_bucket`. */
export function quantile(q: number, by: string, buckets: string): string {
  return `histogram_quantile(${q}, ${sum(['le', by].filter(Boolean).join(', '), rate(buckets))})`;
}

/** Where no series is the healthy state, it is shown as 0. */
export function orZero(expr: string): string {
  return `${expr} or vector(0)`;
}
