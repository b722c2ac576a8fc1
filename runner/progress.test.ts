import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProgress } from './progress.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('progress without a terminal', () => {
  it('is a line when a step begins, a sign of life every 15 s, and a line when it ends', async () => {
    const { progress, written } = plain();
    progress.expect(2);
    const build = progress.step('Loki', async (report) => {
      report('compiling');
      await wait(31);
    });
    await vi.advanceTimersByTimeAsync(31_000);
    await build;
    expect(written()).toBe(
      [
        '[1/2] Loki …',
        '[1/2] Loki … 15 s: compiling',
        '[1/2] Loki … 30 s: compiling',
        '[1/2] Loki done in 31 s',
        '',
      ].join('\n'),
    );
  });

  it('tells of all that runs in one sign of life, and only when nothing else was written', async () => {
    const { progress, written } = plain();
    const steps = [progress.step('Loki', () => wait(20)), progress.step('k6', () => wait(20))];
    await vi.advanceTimersByTimeAsync(10_000);
    progress.note('noted');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(written()).toBe('[1/1] Loki …\n[2/2] k6 …\nnoted\n[1/2] Loki done in 20 s\n[2/2] k6 done in 20 s\n');
    const quiet = [progress.step('Jaeger', () => wait(16)), progress.step('Collector', () => wait(16))];
    await vi.advanceTimersByTimeAsync(16_000);
    await Promise.all([...steps, ...quiet]);
    expect(written()).toContain('\n[3/4] Jaeger … 15 s; [4/4] Collector … 15 s\n');
  });

  it('marks a step that fails, and passes its error on', async () => {
    const { progress, written } = plain();
    await expect(progress.step('Loki', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(written()).toBe('[1/1] Loki …\n[1/1] Loki failed after 0.0 s\n');
  });

  it('has no control characters', async () => {
    const { progress, written } = plain();
    await progress.step('Loki', async () => {});
    progress.note('noted');
    expect(written()).toBe(stripVTControlCharacters(written()));
    expect(written()).toMatch(/noted\n$/);
  });

  it('gives the result of a step', async () => {
    await expect(plain().progress.step('Loki', async () => 42)).resolves.toBe(42);
  });
});

describe('progress in a terminal', () => {
  it('shows every running step with its time, and what has ended above them', async () => {
    const { progress, screen } = terminal();
    progress.expect(2);
    const long = progress.step('Loki', async (report) => {
      report('compiling');
      await wait(75);
    });
    const short = progress.step('k6', () => wait(5));
    await vi.advanceTimersByTimeAsync(65_000);
    expect(screen()).toEqual(['✔ [2/2] k6 5.0 s', '⠋ [1/2] Loki 1 min 05 s compiling']);
    await vi.advanceTimersByTimeAsync(10_000);
    await Promise.all([long, short]);
    expect(screen()).toEqual(['✔ [2/2] k6 5.0 s', '✔ [1/2] Loki 1 min 15 s']);
  });

  it('marks a step that fails', async () => {
    const { progress, screen } = terminal();
    await expect(progress.step('Loki', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(screen()).toEqual(['✘ [1/1] Loki 0.0 s']);
  });

  it('cuts a detail that does not fit, so that a line stays one line', async () => {
    const { progress, screen } = terminal({ columns: 40 });
    const step = progress.step('Loki', async (report) => {
      report('x'.repeat(100));
      await wait(1);
    });
    await vi.advanceTimersByTimeAsync(500);
    expect(screen()[0]).toHaveLength(39);
    expect(screen()[0]).toMatch(/x…$/);
    await vi.advanceTimersByTimeAsync(1000);
    await step;
  });

  it('uses colours unless they are not wanted', async () => {
    const colours = async (color: boolean) => {
      const { progress, written } = terminal({ color });
      await progress.step('Loki', async () => {});
      return written().includes('\u001b[32m');
    };
    expect([await colours(true), await colours(false)]).toEqual([true, false]);
  });
});

function plain() {
  let text = '';
  const stream = { write: (more: string) => (text += more) };
  return { progress: createProgress({ stream, isTTY: false }), written: () => text };
}

/** A screen that understands what a step block needs: up, and erase to the end. */
function terminal({ columns = 80, color = false } = {}) {
  let text = '';
  let lines: string[] = [];
  const write = (more: string) => {
    text += more;
    const up = more.startsWith('\u001b') && /^.\[(\d+)A/.exec(more);
    if (up) lines = lines.slice(0, -Number(up[1]));
    lines.push(...stripVTControlCharacters(more).split('\n').slice(0, -1));
  };
  const progress = createProgress({ stream: { write, columns }, isTTY: true, color });
  return { progress, written: () => text, screen: () => lines };
}

function wait(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
