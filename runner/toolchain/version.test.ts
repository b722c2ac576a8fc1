import { describe, expect, it } from 'vitest';
import { compareVersions, describeRange, fits } from './version.ts';

describe('a version', () => {
  it('compares by number, not by letter', () => {
    expect(compareVersions('3.10.0', '3.9.1')).toBeGreaterThan(0);
  });

  it('counts missing parts as 0', () => {
    expect(compareVersions('15', '15.0.0')).toBe(0);
    expect(compareVersions('14.2', '14')).toBeGreaterThan(0);
  });
});

describe('a range', () => {
  it('includes its lower end and not its upper one', () => {
    const range = { atLeast: '1.0', below: '2' };
    expect(['0.99.9', '1.0.0', '1.99.0', '2.0.0'].map((version) => fits(version, range))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('reads as a person would say it', () => {
    expect(describeRange({ atLeast: '1.18' })).toBe('≥ 1.18');
    expect(describeRange({ atLeast: '1.0', below: '2' })).toBe('≥ 1.0 and < 2');
  });
});
