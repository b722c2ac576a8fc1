import { z } from 'zod';

/** RFC 1123, as OpenSLO asks for. */
export const name = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and dashes');

/** Those lengths of OpenSLO's that need no calendar. */
const unitSeconds = { m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

/** Ten years: Prometheus keeps nothing for longer, and reads no range of 300. */
const longestSeconds = 3650 * unitSeconds.d;

/** Seconds. */
export const duration = z
  .string()
  .regex(/^[1-9][0-9]*[mhdw]$/, 'a duration in minutes, hours, days or weeks, such as 30d')
  .transform((text) => Number(text.slice(0, -1)) * unitSeconds[text.slice(-1) as keyof typeof unitSeconds])
  .refine((seconds) => seconds <= longestSeconds, 'a duration of at most 3650d');

const label = '[a-zA-Z_][a-zA-Z0-9_]*';
const matcher = `${label}\\s*(?:=~|!~|!=|=)\\s*(?:"(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*'|\`[^\`]*\`)`;
const selector = `[a-zA-Z_:][a-zA-Z0-9_:]*(?:\\s*\\{\\s*(?:${matcher}(?:\\s*,\\s*${matcher})*\\s*,?)?\\s*\\})?`;

/** The selectors of counters that are added up. */
export const selectors = z
  .string()
  .trim()
  .regex(
    new RegExp(`^${selector}(?:\\s*\\+\\s*${selector})*$`),
    'the selector of a counter or a sum of them, such as requests_total{status="500"}, without function or range',
  )
  .transform((query) => query.match(new RegExp(selector, 'g')) ?? []);

/** An annotation that holds a list, separated by commas. */
export function listOf<Item>(item: z.ZodType<Item, string>, expected: string) {
  return z.string().transform((text, context) => {
    const items = text.split(',').map((part) => item.safeParse(part.trim()));
    if (items.every(({ success }) => success)) return items.map(({ data }) => data as Item);
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}

/** A label that tells error budgets apart: none that the rules give a value of their own. */
export const groupLabel = z.string().regex(new RegExp(`^(?!(?:alertname|severity|team|le|sloth_.*)$)${label}$`));

export const numberText = z
  .string()
  .regex(/^[0-9]+(\.[0-9]+)?$/, 'a number in quotes')
  .transform(Number);
