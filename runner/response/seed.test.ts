import { expect, it } from 'vitest';
import { seedOf } from './seed.ts';

const own = { seed: 'own' };

it.each([
  ['the one that was asked for', own, { asked: 'asked' }, 'asked'],
  ["the drill's own", own, {}, 'own'],
  ['one that was made up, where the drill has none', {}, {}, 'made up'],
  ['one that was made up, where nobody may know which drill it is', own, { blind: true }, 'made up'],
  ['the one that was asked for, also of a blind player', own, { blind: true, asked: 'asked' }, 'asked'],
])('a drill is played with %s', (_what, drill, how, seed) => {
  expect(seedOf(drill, how, 'made up')).toBe(seed);
});
