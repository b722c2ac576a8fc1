import { expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { within } from './within.ts';

const expired = () => new Error('over');

it('work that is done in time is what it comes to, success or failure', async () => {
  const clock = new FakeClock();
  await expect(within(clock, 10, Promise.resolve(1), { expired })).resolves.toBe(1);
  await expect(within(clock, 10, Promise.reject(new Error('broken')), { expired })).rejects.toThrow('broken');
});

it('work that is done too late is handed to whoever cleans up, and failed for its caller', async () => {
  const clock = new FakeClock();
  const work = Promise.withResolvers<number>();
  const late: number[] = [];
  const result = within(clock, 10, work.promise, { expired, late: (value) => void late.push(value) });
  clock.advance(10);
  await expect(result).rejects.toThrow('over');
  work.resolve(7);
  await work.promise;
  expect(late).toEqual([7]);
});
