import { expect, it } from 'vitest';
import type { Drill } from '#chaos/engine/drill.ts';
import { draw, isPlayable } from './draw.ts';

const answer = [{ component: 'none', cause: 'none' as const }];

function drill(name: string, change: object = {}): Drill {
  return { metadata: { name, difficulty: 'beginner' }, answer, faults: [], mitigations: [], ...change } as never;
}

const names = ['a', 'b', 'c', 'd'];

it('draws the same drill for the same seed, in whatever order they come', () => {
  const drills = names.map((name) => drill(name));
  for (const seed of ['1', '2', '3'])
    expect(draw(drills, seed, undefined)).toBe(draw(drills.toReversed(), seed, undefined));
});

it('draws every drill, sooner or later', () => {
  const drawn = Array.from({ length: 100 }, (_, seed) =>
    draw(
      names.map((name) => drill(name)),
      String(seed),
      undefined,
    ),
  );
  expect(new Set(drawn.map((each) => each?.metadata.name))).toEqual(new Set(names));
});

it('draws of the difficulty that is asked for', () => {
  const drills = [drill('a'), drill('b', { metadata: { name: 'b', difficulty: 'advanced' } })];
  expect(draw(drills, '1', 'advanced')?.metadata.name).toBe('b');
  expect(draw(drills, '1', 'intermediate')).toBeUndefined();
});

it('only draws what somebody can be judged by', () => {
  const broken = { faults: [{}] };
  expect(isPlayable(drill('control'))).toBe(true);
  expect(isPlayable(drill('silent', { answer: undefined }))).toBe(false);
  expect(isPlayable(drill('endless', broken))).toBe(false);
  expect(isPlayable(drill('fine', { ...broken, mitigations: [{}] }))).toBe(true);
  expect(draw([drill('silent', { answer: undefined })], '1', undefined)).toBeUndefined();
});
