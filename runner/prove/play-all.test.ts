import { describe, expect, it } from 'vitest';
import type { Drill } from '#chaos/engine/drill.ts';
import type { Episode } from '#chaos/prove/episode.ts';
import { episode } from '#chaos/prove/testing/episodes.ts';
import type { Playing } from './kept-stage.ts';
import { type PlannedEpisode, playAll, type Stage } from './play-all.ts';
import { taskQueue } from './task-queue.ts';

type Behaviour = Partial<Pick<Playing, 'wasWell' | 'isWell'>> | Error;

/** Plays names such as `a1`, of which the letter is the shape; what is not named behaves. */
async function playing(names: readonly string[], behaviour: Readonly<Record<string, readonly Behaviour[]>> = {}) {
  const log: string[] = [];
  const done: Episode[] = [];
  const interrupt = new AbortController();
  const tried = new Map<string, number>();
  let opened = 0;

  const behave = (name: string): Behaviour => {
    const times = tried.get(name) ?? 0;
    tried.set(name, times + 1);
    return behaviour[name]?.[times] ?? {};
  };
  const open = async (drill: Drill): Promise<Stage> => {
    opened += 1;
    const stack = `stack ${opened}`;
    log.push(`open ${stack}`);
    const opening = behave(`open ${drill.metadata.name}`);
    if (opening instanceof Error) throw opening;
    return {
      renew: async () => void log.push(`renew ${stack}`),
      play: async ({ order }) => {
        log.push(`${order.drill} on ${stack}`);
        const behaved = behave(order.drill);
        if (behaved instanceof Error) {
          if (behaved.message === 'interrupted') interrupt.abort(behaved);
          throw behaved;
        }
        const { wasWell = true, isWell = true } = behaved;
        return { episode: episode([], { drill: order.drill }), wasWell, isWell };
      },
      [Symbol.asyncDispose]: async () => void log.push(`end ${stack}`),
    };
  };
  const tasks = names.map((name) => ({ shape: name.slice(0, 1), work: planned(name) }));
  await playAll(taskQueue(tasks), {
    signal: interrupt.signal,
    open,
    done: (each) => done.push(each),
    note: (line) => log.push(line),
  });
  return { log, outcomes: done.map(({ drill, outcome }) => `${drill} ${outcome}`) };
}

function planned(name: string): PlannedEpisode {
  const drill = {
    metadata: { name, title: name },
    stack: { timeScale: 60 },
    expect: { mustFire: [] },
  } as unknown as Drill;
  return { drill, order: { drill: name, repetition: 1, seed: 's' } };
}

describe('episodes of a proof', () => {
  it('share a stack of their shape, whose monitoring is renewed between two', async () => {
    const { log } = await playing(['a1', 'b1', 'a2', 'b2']);
    expect(log).toEqual([
      'open stack 1',
      'a1 on stack 1',
      'renew stack 1',
      'a2 on stack 1',
      'end stack 1',
      'open stack 2',
      'b1 on stack 2',
      'renew stack 2',
      'b2 on stack 2',
      'end stack 2',
    ]);
  });

  it('go on after one of which the harness failed, on a new stack', async () => {
    const { log, outcomes } = await playing(['a1', 'a2'], { a1: [new Error('k6 died')] });
    expect(outcomes).toEqual(['a1 broken', 'a2 held']);
    expect(log).toEqual([
      'open stack 1',
      'a1 on stack 1',
      'end stack 1',
      'open stack 2',
      'a2 on stack 2',
      'end stack 2',
    ]);
  });

  it('go on after a stack that did not start', async () => {
    const { outcomes } = await playing(['a1', 'a2'], { 'open a1': [new Error('port busy')] });
    expect(outcomes).toEqual(['a1 broken', 'a2 held']);
  });

  it('do not follow one that left its stack unwell', async () => {
    const { log } = await playing(['a1', 'a2'], { a1: [{ isWell: false }] });
    expect(log).toEqual([
      'open stack 1',
      'a1 on stack 1',
      'end stack 1',
      'open stack 2',
      'a2 on stack 2',
      'end stack 2',
    ]);
  });

  it('are played again on a new stack when a used one was not well, and counted once', async () => {
    const { log, outcomes } = await playing(['a1', 'a2'], { a2: [{ wasWell: false, isWell: false }] });
    expect(outcomes).toEqual(['a1 held', 'a2 held']);
    expect(log.filter((line) => line.startsWith('a2 on'))).toEqual(['a2 on stack 1', 'a2 on stack 2']);
    expect(log).toContain('a2: the stack is not as it was at its start, so it is played on a new one');
  });

  it('are played again also when the stack became well while it was used', async () => {
    const { log } = await playing(['a1', 'a2'], { a2: [{ wasWell: false, isWell: true }] });
    expect(log.filter((line) => line.startsWith('a2 on'))).toEqual(['a2 on stack 1', 'a2 on stack 2']);
  });

  it('are not played again when it was a new stack that was not well', async () => {
    const { log } = await playing(['a1'], { a1: [{ wasWell: false, isWell: false }] });
    expect(log).toEqual(['open stack 1', 'a1 on stack 1', 'end stack 1']);
  });

  it('end when they are interrupted, with what there is', async () => {
    const { log, outcomes } = await playing(['a1', 'a2', 'a3'], { a2: [new Error('interrupted')] });
    expect(outcomes).toEqual(['a1 held']);
    expect(log.at(-1)).toBe('end stack 1');
    expect(log).not.toContain('a3 on stack 1');
  });
});
