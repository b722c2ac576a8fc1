import { expect, it } from 'vitest';
import { parseStubStatus } from './stub-status.ts';

it('nginx’ status page is read in its own order', () => {
  const page =
    'Active connections: 7 \nserver accepts handled requests\n 16 15 42 \nReading: 1 Writing: 2 Waiting: 4 \n';
  expect(parseStubStatus(page)).toEqual([7, 16, 15, 42, 1, 2, 4]);
});

it('any other page is no status', () => {
  expect(parseStubStatus('<html>404</html>')).toBeUndefined();
});
