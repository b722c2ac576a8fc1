import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Batch } from '#statistics/dispersion.ts';

/** What the generator is doing right now, as far as it and the kernel tell. */
export interface GeneratorLook {
  readonly requests: number;
  readonly droppedIterations: number;
  readonly virtualUsers: number;
  readonly iterations: number;
  /** By name, since the start. */
  readonly objectives: ReadonlyMap<string, Batch>;
}

const metricsSchema = z.object({
  data: z.array(z.object({ id: z.string(), attributes: z.object({ sample: z.record(z.string(), z.number()) }) })),
});

/** Asks k6 itself; undefined while it does not answer. @source https://grafana.com/docs/k6/latest/reference/k6-rest-api/ */
export async function askGenerator(port: number): Promise<GeneratorLook | undefined> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/metrics`, { signal: AbortSignal.timeout(1000) });
    const { data } = metricsSchema.parse(await answer.json());
    const value = (metric: string, key: string): number =>
      data.find(({ id }) => id === metric)?.attributes.sample[key] ?? 0;
    return {
      requests: value('http_reqs', 'count'),
      droppedIterations: value('dropped_iterations', 'count'),
      virtualUsers: value('vus', 'value'),
      iterations: value('iterations', 'count'),
      objectives: new Map(
        data.flatMap(({ id }) => {
          const [, name] = /^objective_events\{objective:(.+)\}$/.exec(id) ?? [];
          if (name === undefined) return [];
          return [
            [name, { bad: value(`objective_bad_events{objective:${name}}`, 'count'), total: value(id, 'count') }],
          ];
        }),
      ),
    };
  } catch {
    return undefined;
  }
}

const ticksPerSecond = 100;

/**
 * Seconds of processor time that a process has used; undefined where the platform does not tell.
 * @source https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: utime is field 14, stime 15
 */
export function processorSeconds(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return undefined;
  }
}

/** How busy the generator was, second by second. */
export class BusySeconds {
  readonly #cores: number;
  #last: Look | undefined;
  #firstCounted: Look | undefined;
  #lastCounted: Look | undefined;
  #seen = 0;
  #busy = 0;

  constructor(cores: number) {
    this.#cores = cores;
  }

  look(now: Look): void {
    const last = this.#last;
    this.#last = now;
    if (now.requests !== undefined) {
      this.#firstCounted ??= now;
      this.#lastCounted = now;
    }
    if (last === undefined || now.atSeconds <= last.atSeconds) return;
    const share = (now.usedSeconds - last.usedSeconds) / (now.atSeconds - last.atSeconds) / this.#cores;
    this.#seen += 1;
    if (share >= busyShare) this.#busy += 1;
  }

  get counts(): GeneratorBusy {
    const [first, last] = [this.#firstCounted, this.#lastCounted];
    const usedSeconds = (last?.usedSeconds ?? 0) - (first?.usedSeconds ?? 0);
    const requests = (last?.requests ?? 0) - (first?.requests ?? 0);
    return {
      cores: this.#cores,
      looks: this.#seen,
      busyLooks: this.#busy,
      ...(usedSeconds > 0 && requests > 0 ? { requestsPerCoreSecond: requests / usedSeconds } : {}),
    };
  }
}

interface Look {
  readonly atSeconds: number;
  /** Of processor time so far. */
  readonly usedSeconds: number;
  /** So far; undefined where k6 did not say. */
  readonly requests?: number | undefined;
}

/** Of its processors; beyond it arrivals are late. */
const busyShare = 0.9;

export interface GeneratorBusy {
  readonly cores: number;
  /** One a second. */
  readonly looks: number;
  /** At which next to nothing of its processors was left. */
  readonly busyLooks: number;
  /** Requests for each second of processor time, the start left aside: what one core can offer. */
  readonly requestsPerCoreSecond?: number;
}
