import { describe, expect, it } from 'vitest';
import type { Drill } from '#chaos/engine/drill.ts';
import type { Episode } from '#chaos/prove/episode.ts';
import type { Fate, Outcome } from '#observability/mutants/outcome.ts';
import type { Playing } from '../../prove/kept-stage.ts';
import { proveLive } from './prove-live.ts';

const drill = (name: string, shape = 'one') => ({ metadata: { name }, shape }) as unknown as Drill;
const outcome = (id: string, fate: Fate): Outcome => ({
  mutant: { id, subject: id, operator: 'removal', says: 'removed' },
  fate,
  because: 'virtually',
});

type Played = 'held' | 'deviated' | 'broken' | { readonly wasWell: false };

/** Says what each drill was in turn, and tells what was opened, played and closed. */
function theatre(plays: Readonly<Record<string, readonly Drill[]>>, played: readonly Played[]) {
  const events: string[] = [];
  const left = [...played];
  const deps = {
    open: async ({ metadata }: Drill) => {
      events.push(`open ${metadata.name}`);
      return {
        play: async (each: Drill): Promise<Playing> => {
          const now = left.shift();
          events.push(`play ${each.metadata.name}`);
          if (now === 'broken' || now === undefined) throw new Error('no answer');
          const wasWell = typeof now === 'string';
          const held = now === 'held';
          const findings = held ? [] : [{ claim: 'Some fires', held: false, observed: 'it did not' }];
          const episode = { outcome: held ? 'held' : 'deviated', findings } as unknown as Episode;
          return { episode, wasWell, isWell: held };
        },
        [Symbol.asyncDispose]: async () => {
          events.push('close');
        },
      };
    },
    playsOf: ({ mutant }: Outcome) => (plays[mutant.id] ?? []).map((each) => ({ drill: each, rules: [] })),
    shapeOf: (each: Drill) => (each as unknown as { shape: string }).shape,
    note: () => undefined,
    signal: new AbortController().signal,
  };
  return { events, prove: (...outcomes: Outcome[]) => proveLive(outcomes, deps) };
}

describe('what survived in virtual time', () => {
  it('is killed by the first drill that deviates, which says why', async () => {
    const { events, prove } = theatre({ a: [drill('one'), drill('two'), drill('three')] }, ['held', 'deviated']);
    expect(await prove(outcome('a', 'survived'))).toEqual([
      { ...outcome('a', 'killed'), because: 'drill two: Some fires: it did not' },
    ]);
    expect(events).toEqual(['open one', 'play one', 'play two', 'close']);
  });

  it('survives when all hold, and when no drill needs it', async () => {
    const { prove } = theatre({ a: [drill('one'), drill('two')] }, ['held', 'held']);
    const because = (await prove(outcome('a', 'survived'), outcome('b', 'survived'))).map((each) => each.because);
    expect(because).toEqual([
      'virtually; live, one, two held all the same',
      'virtually; no drill needs an alert that rests on it',
    ]);
  });

  it('is all that is played', async () => {
    const { events, prove } = theatre({ a: [drill('one')], b: [drill('one')] }, []);
    const outcomes = [outcome('a', 'killed'), outcome('b', 'equivalent')];
    expect(await prove(...outcomes)).toEqual(outcomes);
    expect(events).toEqual([]);
  });

  it('is neither killed nor forgiven by a drill that could not be played, and others go on with a new stack', async () => {
    const { events, prove } = theatre({ a: [drill('one')], b: [drill('one')] }, ['broken', 'deviated']);
    const [first, second] = await prove(outcome('a', 'survived'), outcome('b', 'survived'));
    expect(first).toMatchObject({
      fate: 'survived',
      because: expect.stringContaining('could not be played: no answer'),
    });
    expect(second?.fate).toBe('killed');
    expect(events).toEqual(['open one', 'play one', 'close', 'open one', 'play one', 'close']);
  });

  it('gets a new stack for another shape, and after one that was not well', async () => {
    const plays = { a: [drill('one'), drill('two', 'other')], b: [drill('three', 'other')] };
    const { events, prove } = theatre(plays, ['held', 'held', { wasWell: false }, 'held']);
    const outcomes = await prove(outcome('a', 'survived'), outcome('b', 'survived'));
    expect(outcomes.map(({ fate }) => fate)).toEqual(['survived', 'survived']);
    expect(events).toEqual([
      'open one',
      'play one',
      'close',
      'open two',
      'play two',
      'play three',
      'close',
      'open three',
      'play three',
      'close',
    ]);
  });

  it('that keeps a new stack from being well is killed', async () => {
    const { prove } = theatre({ a: [drill('one')] }, [{ wasWell: false }]);
    expect((await prove(outcome('a', 'survived'))).map(({ fate }) => fate)).toEqual(['killed']);
  });
});
