import { expect, it } from 'vitest';
import { describeActive } from './faults.ts';

const fault = {
  id: 'a1',
  fault: 'latency',
  target: 'backend-1',
  args: { delayMs: 100 },
  seed: 's',
  leaseSeconds: 5,
  injectedAtMs: 0,
  expiresAtMs: 0,
  decided: 0,
  failed: 0,
};

it('says who could not be asked, beside what is known and also where nothing is', () => {
  expect(describeActive({ active: [], silent: [] }, false)).toBe('Nothing is broken on purpose.');
  expect(describeActive({ active: [], silent: ['backend-2'] }, false)).toBe(
    'Nothing is broken on purpose.\nNot asked, as they do not answer: backend-2.',
  );
  const [, row, note] = describeActive({ active: [fault], silent: ['backend-2'] }, false).split('\n');
  expect(row).toBe('a1  latency  backend-1  {"delayMs":100}  0 s');
  expect(note).toBe('Not asked, as they do not answer: backend-2.');
});

it('is a list for programs', () => {
  expect(JSON.parse(describeActive({ active: [fault], silent: ['backend-2'] }, true))).toEqual([fault]);
});
