import { expect, it } from 'vitest';
import { wordsOf } from './words.ts';

it.each<[string, readonly string[]]>([
  ['', []],
  ['  ', []],
  ['hint', ['hint']],
  [' firedrill  restart backend-2 ', ['restart', 'backend-2']],
  ['./firedrill', []],
  ['silence A --reason "looking at it"', ['silence', 'A', '--reason', 'looking at it']],
  ["silence A --reason 'it''s'", ['silence', 'A', '--reason', 'it', 's']],
])('%j is %j', (line, words) => {
  expect(wordsOf(line)).toEqual(words);
});
