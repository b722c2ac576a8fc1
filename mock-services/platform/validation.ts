import { z } from 'zod';
import { AppError, type FieldError } from './errors.ts';

/**
 * Parses input from outside. The messages of the schema say what is expected: "an integer from 1 to 1000".
 * @throws AppError VALIDATION_ERROR naming each bad field, its value and what is expected
 */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new AppError('VALIDATION_ERROR', { details: fieldErrors(parsed.error, input) });
}

/** One entry per problem, in the order of the schema. */
export function fieldErrors(error: z.ZodError, input: unknown): readonly FieldError[] {
  return error.issues.flatMap((issue): FieldError | FieldError[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        field: [...issue.path, key].join('.'),
        value: shown(valueAt(input, [...issue.path, key])),
        expected: 'no such field',
      }));
    }
    return { field: issue.path.join('.'), value: shown(valueAt(input, issue.path)), expected: issue.message };
  });
}

/** A whole number written in digits, as in a query or in the environment. */
export function wholeNumber(min: number, max: number, expected = `an integer from ${min} to ${max}`) {
  return z
    .string({ error: expected })
    .regex(/^\d{1,9}$/, expected)
    .transform(Number)
    .pipe(z.number().min(min, expected).max(max, expected))
    .meta({ type: 'integer', minimum: min, maximum: max });
}

const ratioExpected = 'a number from 0 to 1';

export const ratio = z.number({ error: ratioExpected }).min(0, ratioExpected).max(1, ratioExpected);

/** A ratio written in digits. */
export const ratioText = z
  .string()
  .regex(/^[\d.]+(e-?\d+)?$/i, ratioExpected)
  .transform(Number)
  .pipe(ratio);

const longestShown = 100;

/** As it may stand in an answer. */
export function shown(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === 'string' && value.length > longestShown) return `${value.slice(0, longestShown)}…`;
  // What is nested may be as large and as deep as a body is allowed to be.
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[…]' : '{…}';
  return value;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  );
}
