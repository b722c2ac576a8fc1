import { z } from 'zod';
import type { Threshold } from '#load-tests/k6/threshold.ts';
import { Watched } from '#load-tests/k6/watched.ts';

/** What k6 tells of a run by its output `json`, line by line: a metric before its first sample, and each sample. */
export class Seen {
  readonly watched: readonly Watched[];
  requests = 0;
  iterations = 0;
  droppedIterations = 0;
  /** k6 tells every second how many users there are, unless it has no time even for that. */
  longestSilenceSeconds = 0;
  #usersToldMs: number | undefined;
  #begin = '';
  #end = '';

  constructor(thresholds: readonly Threshold[]) {
    this.watched = thresholds.map((threshold) => new Watched(threshold));
  }

  /** Most lines are about what nobody watches: their name is all that is read of them. */
  line(text: string): void {
    if (text.startsWith(pointBegin)) this.#point(text);
    else this.#metric(text);
  }

  /** From the first sample to the last, without those of `setup()`. */
  get seconds(): number {
    return this.#begin === '' ? 0 : (Date.parse(this.#end) - Date.parse(this.#begin)) / 1000;
  }

  #point(text: string): void {
    const metric = text.slice(pointBegin.length, text.indexOf('"', pointBegin.length));
    const time = timeOf(text);
    this.#took(time, text);
    if (metric === 'vus') this.#users(time);
    if (metric === 'http_reqs') this.requests += 1;
    if (metric === 'iterations') this.iterations += 1;
    const watched = this.#of(metric);
    if (watched.length === 0 && metric !== 'dropped_iterations') return;
    const { value, tags } = pointSchema.parse(JSON.parse(text)).data;
    if (metric === 'dropped_iterations') this.droppedIterations += value;
    for (const one of watched) one.add({ value, second: time.slice(0, secondLength), tags: tags ?? {} });
  }

  #metric(text: string): void {
    const { name, type, contains } = metricSchema.parse(JSON.parse(text)).data;
    for (const one of this.#of(name)) one.is({ type, isTime: contains === 'time' });
  }

  #of(metric: string): readonly Watched[] {
    return this.watched.filter(({ threshold }) => threshold.metric === metric);
  }

  #took(time: string, text: string): void {
    if (this.#begin === '' && !text.includes('"group":"::setup"')) this.#begin = time;
    if (time > this.#end) this.#end = time;
  }

  #users(time: string): void {
    const toldMs = Date.parse(time);
    const silenceSeconds = (toldMs - (this.#usersToldMs ?? toldMs)) / 1000;
    this.longestSilenceSeconds = Math.max(this.longestSilenceSeconds, silenceSeconds);
    this.#usersToldMs = toldMs;
  }
}

function timeOf(text: string): string {
  const at = text.indexOf(timeBegin) + timeBegin.length;
  return text.slice(at, text.indexOf('"', at));
}

/** @source https://grafana.com/docs/k6/latest/results-output/real-time/json/ */
const metricSchema = z.object({
  type: z.literal('Metric'),
  data: z.object({ name: z.string(), type: z.enum(['counter', 'gauge', 'rate', 'trend']), contains: z.string() }),
});

const pointSchema = z.object({
  data: z.object({ value: z.number(), tags: z.record(z.string(), z.string()).nullish() }),
});

const pointBegin = '{"metric":"';
const timeBegin = '"time":"';
/** 2026-11-21T17:45:14 */
const secondLength = 19;
