import { expect, it } from 'vitest';
import { formatDuration } from './duration.ts';

it.each([
  [30 * 86_400, '30d'],
  [3600, '1h'],
  [90, '90s'],
  [300 / 60, '5s'],
  [0.5, '500ms'],
  [14_400 / 75, '192s'],
  [1 / 3, '333ms'],
  [0, '1ms'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});
