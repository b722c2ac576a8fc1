import { expect, it } from 'vitest';
import { errorRatios } from './error-ratios.ts';

it.each([
  ['0.05', [0.05]],
  ['5%', [0.05]],
  ['1%, 10 %,.5,100%', [0.01, 0.1, 0.5, 1]],
])('%s is %j', (text, ratios) => {
  expect(errorRatios(text)).toEqual(ratios);
});

it('what is given again is added', () => {
  expect(errorRatios('0.2', [0.1])).toEqual([0.1, 0.2]);
});

it.each(['0', '5', '101%', '-1%', 'half', '', '1%,', '1e-3'])('%j is refused by name', (text) => {
  expect(() => errorRatios(text)).toThrow('Expected shares above 0 and at most 1, such as 0.05 or 5%');
});
