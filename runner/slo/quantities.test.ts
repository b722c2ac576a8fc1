import { expect, it } from 'vitest';
import { sayDuration, sayNumber, sayShare } from './quantities.ts';

it.each([
  [0, '0 s'],
  [0.0864, '86.4 ms'],
  [5.184, '5.18 s'],
  [51.84, '51.8 s'],
  [59.99, '1 min'],
  [518.4, '8 min 38 s'],
  [2592, '43 min 12 s'],
  [3599.7, '1 h'],
  [23_328, '6 h 29 min'],
  [86_399, '1 d'],
  [3 * 86_400, '3 d'],
  [5.5 * 86_400, '5 d 12 h'],
  [Number.POSITIVE_INFINITY, 'never'],
])('%d seconds are said as %s', (seconds, said) => {
  expect(sayDuration(seconds)).toBe(said);
});

it.each([
  [0.0144, '1.44 %'],
  [0.001, '0.1 %'],
  [1, '100 %'],
  [1.44, '144 %'],
  [0.000001, '0.0001 %'],
])('a ratio of %d is said as %s', (ratio, said) => {
  expect(sayShare(ratio)).toBe(said);
});

it.each([
  [1.1574, '1.16'],
  [2592, '2592'],
  [129_600, '129 600'],
  [51_840_000, '51 840 000'],
])('the number %d is said as %s', (value, said) => {
  expect(sayNumber(value)).toBe(said);
});
