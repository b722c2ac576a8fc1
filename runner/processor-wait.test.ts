import { expect, it } from 'vitest';
import { totalOf } from './processor-wait.ts';

it('is the total of what waited, not of all having waited', () => {
  const pressure = [
    'some avg10=54.40 avg60=71.71 avg300=41.58 total=23877032577',
    'full avg10=0.00 avg60=0.00 avg300=0.00 total=7',
    '',
  ];
  expect(totalOf(pressure.join('\n'))).toBe(23_877_032.577);
  expect(totalOf(pressure.slice(1).join('\n'))).toBeUndefined();
});
