import { describe, expect, it } from 'vitest';
import { news, timeNsOf } from './news.ts';

describe('lines that are asked for again', () => {
  it('are news when the engine took them after the last one of their source, and all are at the first asking', () => {
    const { isNew, askAgain } = told();
    expect(askAgain()).toBeUndefined();
    expect(['a 10', 'a 30', 'b 20'].filter(isNew)).toEqual(['a 10', 'a 30', 'b 20']);
    askAgain();
    expect(['a 10', 'a 30', 'b 20', 'b 25', 'a 31', 'c 5'].filter(isNew)).toEqual(['b 25', 'a 31', 'c 5']);
  });

  it('may overtake each other within one asking', () => {
    const { isNew, askAgain } = told();
    expect(['a 30', 'a 20'].filter(isNew)).toEqual(['a 30', 'a 20']);
    askAgain();
    expect(['a 20', 'a 30', 'a 31'].filter(isNew)).toEqual(['a 31']);
  });

  it('are asked for from ten seconds before the latest one on, by the clock of the engine', () => {
    const { isNew, askAgain } = told();
    isNew('a 3600000000000');
    isNew('b 60000000000');
    expect(askAgain()).toBe('1970-01-01T00:59:50.000Z');
  });

  it('are always news without a time', () => {
    const { isNew, askAgain } = told();
    isNew('remark');
    expect(askAgain()).toBeUndefined();
    expect(isNew('remark')).toBe(true);
  });
});

describe('a time of the engine', () => {
  it('is read to the nanosecond, whatever its zone and the number of its digits', () => {
    expect(timeNsOf('1970-01-01T00:00:01.000000001Z')).toBe(1_000_000_001n);
    expect(timeNsOf('1970-01-01T02:00:01.5+02:00')).toBe(1_500_000_000n);
    expect(timeNsOf('1970-01-01T00:00:01Z')).toBe(1_000_000_000n);
    expect(timeNsOf('yesterday')).toBeUndefined();
  });
});

/** Lines such as `a 10`: a source and its nanoseconds. */
function told() {
  return news((line) => {
    const [source = '', timeNs] = line.split(' ');
    return timeNs === undefined ? undefined : { source, timeNs: BigInt(timeNs) };
  });
}
