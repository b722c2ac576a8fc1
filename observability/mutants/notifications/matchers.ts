/** Other matchers in place of a list of them: one dropped, negated, of another value, or without one of its alternatives. */
export interface OtherMatchers {
  readonly says: string;
  readonly matchers: readonly string[];
}

const negated: Readonly<Record<string, string>> = { '=': '!=', '!=': '=', '=~': '!~', '!~': '=~' };

export function otherMatchers(matchers: readonly string[]): readonly OtherMatchers[] {
  return matchers.flatMap((matcher, index) => {
    const [, label = '', operator = '', value = ''] = /^(\w+)(=~|!~|!=|=)"(.*)"$/.exec(matcher) ?? [];
    const alternatives = operator.endsWith('~') ? value.split('|') : [];
    const others = [
      `${label}${negated[operator]}"${value}"`,
      ...(alternatives.length > 1 ? alternatives.map((_, at) => without(label, operator, alternatives, at)) : []),
      ...(alternatives.length > 1 || value === '' ? [] : [`${label}${operator}"${value}-other"`]),
    ];
    return [
      { says: `${matcher} dropped`, matchers: matchers.toSpliced(index, 1) },
      ...others.map((other) => ({ says: `${matcher} → ${other}`, matchers: matchers.with(index, other) })),
    ];
  });
}

function without(label: string, operator: string, alternatives: readonly string[], at: number): string {
  return `${label}${operator}"${alternatives.toSpliced(at, 1).join('|')}"`;
}
