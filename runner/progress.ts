import { liveView } from './progress/live-view.ts';
import { plainView } from './progress/plain-view.ts';
import type { Outcome, RunningStep, Stream } from './progress/view.ts';

/** Shows long work while it runs. Steps may run in parallel. */
export interface Progress {
  /** Announces how many more steps will come, so that the counter has an end. */
  expect(steps: number): void;
  /** Runs a step; `report` tells what it is doing right now. A step that throws is marked as failed. */
  step<T>(title: string, work: (report: (detail: string) => void) => Promise<T>): Promise<T>;
  /** A line between the steps. */
  note(line: string): void;
}

export interface ProgressOptions {
  readonly stream: Stream;
  readonly isTTY: boolean;
  /** Milliseconds; the system's clock by default. */
  readonly now?: () => number;
  /** By default in a terminal, unless NO_COLOR is set. */
  readonly color?: boolean;
}

/** In a terminal a block that is redrawn, otherwise lines for a log. */
export function createProgress({ stream, isTTY, now = Date.now, color }: ProgressOptions): Progress {
  const view = isTTY ? liveView(stream, now, color ?? !process.env.NO_COLOR) : plainView(stream, now);
  const running = new Set<RunningStep>();
  let started = 0;
  let total = 0;
  let timer: NodeJS.Timeout | undefined;

  const begin = (title: string): RunningStep => {
    started += 1;
    total = Math.max(total, started);
    const step = { number: started, title, startedMs: now(), detail: '' };
    running.add(step);
    timer ??= setInterval(() => view.tick([...running], total), view.periodMs).unref();
    view.began(step, [...running], total);
    return step;
  };

  const end = (step: RunningStep, outcome: Outcome) => {
    running.delete(step);
    view.ended(step, outcome, [...running], total);
    if (running.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };

  return {
    expect: (steps) => {
      total = started + steps;
    },
    step: async (title, work) => {
      const step = begin(title);
      try {
        const result = await work((detail) => {
          step.detail = detail;
        });
        end(step, 'done');
        return result;
      } catch (error) {
        end(step, 'failed');
        throw error;
      }
    },
    note: (line) => view.note(line, [...running], total),
  };
}
