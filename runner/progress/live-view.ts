import { stripVTControlCharacters, styleText } from 'node:util';
import { counter, duration, type RunningStep, type Stream, type View } from './view.ts';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const periodMs = 100;

/** Ended steps scroll away above a block with one line for each running step. */
export function liveView(stream: Stream, now: () => number, color: boolean): View {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(style, text, { validateStream: false }) : text;
  let drawnLines = 0;

  const lineOf = (step: RunningStep, total: number) => {
    const frame = frames[Math.floor(now() / periodMs) % frames.length] ?? '';
    const known = `${frame} ${counter(step, total)} ${step.title} ${duration(now() - step.startedMs)}`;
    const room = (stream.columns ?? 80) - known.length - 2;
    const detail = stripVTControlCharacters(step.detail);
    const shown = detail.length > room ? `${detail.slice(0, Math.max(0, room - 1))}…` : detail;
    const time = duration(now() - step.startedMs);
    return `${paint('cyan', frame)} ${paint('dim', counter(step, total))} ${step.title} ${paint('dim', `${time} ${shown}`)}`;
  };

  const draw = (above: string, running: readonly RunningStep[], total: number) => {
    const erase = drawnLines > 0 ? `\u001b[${drawnLines}A\u001b[0J` : '';
    const block = running.map((step) => `${lineOf(step, total)}\n`).join('');
    stream.write(erase + above + block);
    drawnLines = running.length;
  };

  return {
    periodMs,
    began: (_step, running, total) => draw('', running, total),
    ended: (step, outcome, running, total) => {
      const mark = outcome === 'done' ? paint('green', '✔') : paint('red', '✘');
      const elapsed = paint('dim', duration(now() - step.startedMs));
      draw(`${mark} ${paint('dim', counter(step, total))} ${step.title} ${elapsed}\n`, running, total);
    },
    tick: (running, total) => draw('', running, total),
    note: (line, running, total) => draw(`${line}\n`, running, total),
  };
}
