import { describe, expect, it } from 'vitest';
import { fitsNone, formatMatcher, parseMatcher } from './matcher.ts';

describe('a matcher', () => {
  it.each([
    ['job=nginx', { name: 'job', value: 'nginx', isRegex: false, isEqual: true }],
    ['job!=nginx', { name: 'job', value: 'nginx', isRegex: false, isEqual: false }],
    ['upstream=~backend-[12]', { name: 'upstream', value: 'backend-[12]', isRegex: true, isEqual: true }],
    ['severity!~page|critical', { name: 'severity', value: 'page|critical', isRegex: true, isEqual: false }],
    ['team=', { name: 'team', value: '', isRegex: false, isEqual: true }],
  ])('is read and written the same way: %s', (text, matcher) => {
    expect(parseMatcher(text)).toEqual(matcher);
    expect(formatMatcher(matcher)).toBe(text);
  });

  it('may have its value in quotes, as in PromQL', () => {
    expect(parseMatcher('job="a=b"')).toMatchObject({ name: 'job', value: 'a=b' });
  });

  it('is the name of an alert when it is one word', () => {
    expect(parseMatcher('TargetDown')).toMatchObject({ name: 'alertname', value: 'TargetDown', isEqual: true });
  });

  it.each(['', '=nginx', 'back-end', '5xx=1'])('is not "%s"', (text) => {
    expect(parseMatcher(text)).toBeUndefined();
  });
});

it.each([
  [['TargetDown'], false],
  [['Targetdown'], true],
  [['Targetdown', 'job=loki'], true],
  [['job=loki'], false],
  [['alertname=~Target.*'], false],
  [['alertname=~Target'], true],
  [['alertname!=TargetDown'], false],
  [['alertname=~(TargetDown|ServiceDown)', 'alertname!~T.*', 'alertname!=ServiceDown'], true],
  [['alertname=~(?i)targetdown'], false],
])('%j fits no alert there is: %s', (words, nothing) => {
  const matchers = words.map(parseMatcher).filter((matcher) => matcher !== undefined);
  expect(matchers).toHaveLength(words.length);
  expect(fitsNone(matchers, ['ServiceDown', 'TargetDown'])).toBe(nothing);
});
