import { z } from 'zod';
import { parseDuration } from './duration.ts';

/** A duration as a person writes it; seconds when parsed. */
export const durationSeconds = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s|m|h)$/, 'expected a duration such as 500ms, 12s or 1.5m')
  .transform((text) => parseDuration(text) ?? 0)
  .describe('A duration: 500ms, 12s, 1.5m, 1h.');

export const someTime = durationSeconds.refine((seconds) => seconds > 0, 'expected more than 0s');

/** Both ends belong to it. */
export const tolerance = z
  .strictObject({
    atLeast: z.number().optional(),
    atMost: z.number().optional(),
  })
  .refine(({ atLeast, atMost }) => atLeast !== undefined || atMost !== undefined, 'expected atLeast, atMost or both')
  .refine(
    ({ atLeast = -Infinity, atMost = Infinity }) => atLeast <= atMost,
    'expected atLeast to be no more than atMost',
  );

export type Tolerance = z.output<typeof tolerance>;
