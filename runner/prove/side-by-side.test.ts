import { describe, expect, it } from 'vitest';
import { sideBySide } from './side-by-side.ts';

const gibibyte = 1024 ** 3;
const machine = { availableBytes: 5 * gibibyte, cores: 2 };

describe('how many stacks run side by side', () => {
  it.each([
    ['as many as are asked for', 2, 9, 20, 2],
    ['no more than there is memory for', 4, 9, 5, 2],
    ['no more than there are episodes', 4, 3, 20, 3],
    ['one at least', 4, 9, 1, 1],
  ])('%s', (_, asked, episodes, gibibytes, stacks) => {
    expect(sideBySide(asked, episodes, { ...machine, availableBytes: gibibytes * gibibyte }).stacks).toBe(stacks);
  });

  it('says why', () => {
    expect(sideBySide(4, 9, { ...machine, cores: 1 }).reason).toBe(
      '2 of 4 stacks side by side: 5.0 GiB are available, which is enough for 2; with less than 0.6 cores for each expect alerts to be told later',
    );
    expect(sideBySide(2, 9, machine).reason).not.toContain('cores');
    expect(sideBySide(4, 1, { ...machine, cores: 0.5 }).reason).not.toContain('cores');
  });
});
