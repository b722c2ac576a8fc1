import { describe, expect, it } from 'vitest';
import { managerOf } from './advice.ts';

describe('the package manager of a Linux', () => {
  it.each([
    ['ID=debian\n', 'apt'],
    ['NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n', 'apt'],
    ['ID=fedora\n', 'dnf'],
    ['ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'dnf'],
    ['NAME="Alpine Linux"\nID=alpine\n', 'apk'],
    ['', 'apt'],
  ])('of %j is %s', (osRelease, manager) => {
    expect(managerOf(osRelease)).toBe(manager);
  });
});
