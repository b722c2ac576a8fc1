/** What lint needs to know of a PromQL expression; whether it is valid at all, Prometheus itself is asked. */

export interface Selected {
  readonly metric: string;
  /** As written between the braces; empty where there are none. */
  readonly matchers: string;
}

const words = new Set([
  'and',
  'or',
  'unless',
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'bool',
  'offset',
]);

/** Every series an expression selects by name. */
export function selectedSeries(expr: string): readonly Selected[] {
  const bare = withoutLists(withoutStrings(expr));
  // Strings are blanked, not cut: positions are those of the expression.
  return [...bare.matchAll(/(?<![$\w.])([a-zA-Z_:][\w:]*)\s*(\{[^}]*\})?(?!\w|\s*\()/g)]
    .filter(([, name = '']) => !words.has(name) && name !== 'Inf' && name !== 'NaN')
    .map((match) => {
      const [, metric = '', braces = ''] = match;
      const end = match.index + match[0].length;
      return { metric, matchers: braces === '' ? '' : expr.slice(end - braces.length + 1, end - 1) };
    });
}

/** Every range: what stands between square brackets. */
export function ranges(expr: string): readonly string[] {
  return [...withoutStrings(expr).matchAll(/\[([^\]]*)\]/g)].map(([, range = '']) => range);
}

/** Counters that are selected without asking how fast they grow. */
export function bareCounters(expr: string): readonly string[] {
  const text = withoutStrings(expr);
  return [...text.matchAll(/(?<![$\w.])([a-zA-Z_:][\w:]*_(?:total|count|sum|bucket))\s*(?:\{[^}]*\})?(?!\w|\s*[({])/g)]
    .filter(({ index }) => !/(?:\brate|\bincrease|_over_time)\($/.test(text.slice(0, index)))
    .map(([, name = '']) => name);
}

/** What is asked how fast it grows although it is no counter by its name: a gauge, of which that means nothing. */
export function ratesOfGauges(expr: string): readonly string[] {
  return [...withoutLists(withoutStrings(expr)).matchAll(/\b(?:i?rate|increase)\(([a-zA-Z_:][\w:]*)/g)]
    .map(([, name = '']) => name)
    .filter((name) => !/_(?:total|count|sum|bucket)$/.test(name));
}

function withoutStrings(expr: string): string {
  return expr.replaceAll(/"(?:[^"\\]|\\.)*"/g, (text) => `"${' '.repeat(text.length - 2)}"`);
}

/** Without the labels of `by (…)`, `on (…)` and their like, and those in braces. */
function withoutLists(expr: string): string {
  return expr
    .replaceAll(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, (text) => ' '.repeat(text.length))
    .replaceAll(/\{[^}]*\}/g, (text) => `{${' '.repeat(text.length - 2)}}`);
}
