import { counter, duration, type RunningStep, type Stream, type View } from './view.ts';

/** A log that is silent for longer looks like a hang. */
const heartbeatMs = 15_000;

/** A line when a step begins, one when it ends, and a sign of life of all that runs when it got quiet: for logs and pipes. */
export function plainView(stream: Stream, now: () => number): View {
  let lastLineMs = now();
  const say = (line: string) => {
    stream.write(`${line}\n`);
    lastLineMs = now();
  };
  const elapsed = (step: RunningStep) => duration(now() - step.startedMs);
  const name = (step: RunningStep, total: number) => `${counter(step, total)} ${step.title}`;
  return {
    periodMs: 1000,
    began: (step, _running, total) => say(`${name(step, total)} …`),
    ended: (step, outcome, _running, total) =>
      say(`${name(step, total)} ${outcome === 'done' ? 'done in' : 'failed after'} ${elapsed(step)}`),
    tick: (running, total) => {
      if (now() - lastLineMs < heartbeatMs) return;
      const lives = running.map(
        (step) => `${name(step, total)} … ${elapsed(step)}${step.detail && `: ${step.detail}`}`,
      );
      say(lives.join('; '));
    },
    note: say,
  };
}
