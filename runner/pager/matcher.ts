/** A condition on one label, as Alertmanager keeps it. */
export interface Matcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

const form = /^([a-zA-Z_][a-zA-Z0-9_]*)(=~|!~|!=|=)(.*)$/s;

/** `label=value`, `!=`, `=~` or `!~`; a word alone is the name of an alert. Undefined when it is none of these. */
export function parseMatcher(text: string): Matcher | undefined {
  if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(text)) return { name: 'alertname', value: text, isRegex: false, isEqual: true };
  const [, name, operator, value] = form.exec(text) ?? [];
  if (name === undefined || operator === undefined || value === undefined) return undefined;
  return { name, value: unquote(value), isRegex: operator.endsWith('~'), isEqual: operator.startsWith('=') };
}

export function formatMatcher({ name, value, isRegex, isEqual }: Matcher): string {
  const operator = isRegex ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '!=';
  return `${name}${operator}${value}`;
}

/**
 * Whether no alert of these names could fit. A regular expression that only Alertmanager understands might fit any.
 */
export function fitsNone(matchers: readonly Matcher[], names: readonly string[]): boolean {
  const onName = matchers.filter(({ name }) => name === 'alertname');
  return !names.some((alert) => onName.every((matcher) => mayFit(matcher, alert)));
}

function mayFit({ value, isRegex, isEqual }: Matcher, text: string): boolean {
  if (!isRegex) return (text === value) === isEqual;
  try {
    return new RegExp(`^(?:${value})$`).test(text) === isEqual;
  } catch {
    return true;
  }
}

function unquote(value: string): string {
  return /^"(.*)"$/s.exec(value)?.[1] ?? value;
}
