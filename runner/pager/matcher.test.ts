import { describe, expect, it } from 'vitest';
import { formatMatcher, parseMatcher } from './matcher.ts';

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
