import { counter, duration, type RunningStep, type Stream, type View } from './view.ts';

/** A log that is silent for longer looks like a hang. */
const heartbeatMs = 15_000;

/** A line when a step begins, one when it ends, and in between a sign of life: for logs and pipes. */
export function plainView(stream: Stream, now: () => number): View {
  const lastLineMs = new Map<RunningStep, number>();
  const say = (step: RunningStep, total: number, text: string) => {
    stream.write(`${counter(step, total)} ${step.title}${text}\n`);
    lastLineMs.set(step, now());
  };
  const elapsed = (step: RunningStep) => duration(now() - step.startedMs);
  return {
    periodMs: 1000,
    began: (step, _running, total) => say(step, total, ' …'),
    ended: (step, outcome, _running, total) => {
      say(step, total, outcome === 'done' ? ` done in ${elapsed(step)}` : ` failed after ${elapsed(step)}`);
      lastLineMs.delete(step);
    },
    tick: (running, total) => {
      for (const step of running) {
        if (now() - (lastLineMs.get(step) ?? 0) < heartbeatMs) continue;
        say(step, total, ` … ${elapsed(step)}${step.detail && `: ${step.detail}`}`);
      }
    },
    note: (line) => stream.write(`${line}\n`),
  };
}
