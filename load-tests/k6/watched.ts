import type { Measured } from '../gate/judge.ts';
import { type Counts, tallyOf } from '../gate/tally.ts';
import type { Verdict } from '../gate/weigh.ts';
import { type Metric, percentileOf, type Share, shareOf } from './share.ts';
import { Sink } from './sink.ts';
import type { Operator, Threshold } from './threshold.ts';

/** A value that k6 measured. */
export interface Sample {
  readonly value: number;
  /** Names a second; later ones sort behind earlier ones. */
  readonly second: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What k6 itself would say of a threshold: no share, so no interval. */
export interface PointVerdict {
  readonly name: string;
  readonly verdict: Verdict;
  /** A sentence. */
  readonly reason: string;
}

/** A threshold, and what was seen of it. */
export class Watched {
  readonly threshold: Threshold;
  #metric: Metric;
  #share: Share | undefined;
  readonly #sink: Sink;
  readonly #bySecond = new Map<string, { bad: number; total: number }>();

  constructor(threshold: Threshold) {
    this.threshold = threshold;
    this.#sink = new Sink({ keepsValues: percentileOf(threshold.aggregation) !== undefined });
    this.#metric = likely(threshold);
    this.#share = shareOf(threshold, this.#metric);
  }

  /** k6 tells it before the first sample. */
  is(metric: Metric): void {
    this.#metric = metric;
    this.#share = shareOf(this.threshold, metric);
  }

  add({ value, second, tags }: Sample): void {
    for (const [tag, wanted] of this.threshold.tags) {
      if ((tags[tag] ?? '') !== wanted) return;
    }
    if (this.#share === undefined) {
      this.#sink.add(value);
      return;
    }
    const counted = this.#bySecond.get(second) ?? { bad: 0, total: 0 };
    counted.total += 1;
    if (this.#share.isBad(value)) counted.bad += 1;
    this.#bySecond.set(second, counted);
  }

  /** Its values are milliseconds. */
  get isTime(): boolean {
    return this.#metric.isTime;
  }

  /** Undefined where no share is bounded: then `point` decides. */
  get measured(): Measured | undefined {
    return this.#share && { objective: this.#share.objective, counts: this.#counts };
  }

  get #counts(): Counts {
    return tallyOf([...this.#bySecond].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, batch]) => batch));
  }

  point(seconds: number): PointVerdict {
    const { name, aggregation, operator, value: limit } = this.threshold;
    const type = this.#metric.type === 'counter' ? 'counter' : 'other';
    const value = this.#sink.valueOf(aggregation, type, seconds);
    if (Number.isNaN(value)) {
      return { name, verdict: 'INCONCLUSIVE', reason: 'No value was measured, so nothing is known.' };
    }
    const verdict = holds[operator](value, limit) ? 'PASS' : 'FAIL';
    return { name, verdict, reason: `It is ${shown(value)}; compared as k6 does, because it is no share of anything.` };
  }
}

const holds: Readonly<Record<Operator, (value: number, limit: number) => boolean>> = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
  '==': (value, limit) => value === limit,
  '===': (value, limit) => value === limit,
  '!=': (value, limit) => value !== limit,
};

/** A metric of which there is no sample yet: by k6's own counters, and by what is asked of it. */
function likely({ metric, aggregation, value }: Threshold): Metric {
  if (aggregation === 'count' || counters.has(metric)) return { type: 'counter', isTime: false };
  if (aggregation === 'value') return { type: 'gauge', isTime: false };
  if (aggregation === 'rate') return { type: value > 1 ? 'counter' : 'rate', isTime: false };
  return { type: 'trend', isTime: /^http_req_|_duration$/.test(metric) };
}

const counters = new Set(['http_reqs', 'iterations', 'dropped_iterations', 'data_sent', 'data_received']);

function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}
