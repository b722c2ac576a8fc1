import { expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { occupy } from './busy.ts';

it('holds the event loop no longer than the lease lasts, lets go of it in between, and ends with the fault', () => {
  const clock = new FakeClock();
  const revocation = new AbortController();
  const held: number[] = [];
  const hold = (forMs: number) => {
    held.push(forMs);
    clock.passSilently(forMs);
  };
  occupy({ clock, signal: revocation.signal, deadlineMs: () => 1_500 }, hold, 1_000, 50);
  clock.advance(0);
  clock.advance(49);
  expect(held).toEqual([1_000]);
  clock.advance(1);
  expect(held).toEqual([1_000, 450]);
  clock.advance(50);
  expect(held).toEqual([1_000, 450, 0]);
  revocation.abort();
  clock.advance(50);
  expect(held).toHaveLength(3);
});
