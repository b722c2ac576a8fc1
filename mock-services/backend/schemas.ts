import { z } from 'zod';
import { isStorable, isStorableText } from '../platform/storable.ts';
import { wholeNumber } from '../platform/validation.ts';

const largestNumber = 999_999_999;
const dateTime = z.iso.datetime({ offset: true });
const metadata = z.record(z.string(), z.unknown());

/** A row of the data. */
export const dataRow = z.object({
  id: z.int(),
  name: z.string(),
  value: z.number(),
  metadata,
  created_at: dateTime,
  updated_at: dateTime,
});

/** One row by itself: with its version, which grows by one with each write, and its owner. */
export const dataItem = dataRow.extend({
  version: z.int().min(1),
  owner: z.object({ id: z.int(), name: z.string() }).nullable(),
});

const bodyExpected = 'a JSON object';
const nameExpected = 'a text of 1 to 200 characters';
/** Far from where sums of what is kept would not be numbers any more. */
const largestValue = 1e15;
const valueExpected = `a number from -${largestValue} to ${largestValue}`;
const metadataExpected = 'an object of JSON values, at most 16 levels deep, without U+0000 or broken characters';

/** What is written of a row. */
export const dataBody = z.strictObject(
  {
    name: z
      .string({ error: nameExpected })
      .min(1, nameExpected)
      .max(200, nameExpected)
      .refine(isStorableText, 'a text without U+0000 or broken characters'),
    value: z.number({ error: valueExpected }).min(-largestValue, valueExpected).max(largestValue, valueExpected),
    metadata: z
      .record(z.string(), z.unknown(), { error: metadataExpected })
      .refine(isStorable, metadataExpected)
      .default({}),
  },
  bodyExpected,
);

export type DataBody = z.infer<typeof dataBody>;

/** What the values of one group come to; rows without a group are one group, null. */
export const groupSummary = z.object({
  group: z.string().nullable(),
  items: z.int(),
  total: z.number(),
  average: z.number(),
  lowest: z.number(),
  highest: z.number(),
});

export const pageOfData = z.object({
  limit: wholeNumber(1, 1000).default(100),
  offset: wholeNumber(0, largestNumber).default(0),
  nocache: flag().default(false),
});

export const itemId = z.object({ id: wholeNumber(1, largestNumber) });

const user = z.object({ id: z.int(), name: z.string(), email: z.email(), created_at: dateTime });

export const usersPage = z.object({
  users: z.array(user),
  total: z.int(),
  page: z.int(),
  limit: z.int(),
});

export const pageOfUsers = z.object({
  page: wholeNumber(1, largestNumber).default(1),
  limit: wholeNumber(1, 1000).default(20),
});

const typeExpected = 'a name of up to 64 letters, digits, dots, dashes and underscores that begins with a letter';
const payloadExpected = 'a JSON value, at most 16 levels deep, without U+0000 or broken characters';

export const messageBody = z.strictObject(
  {
    type: z.string({ error: typeExpected }).regex(/^[A-Za-z][\w.-]{0,63}$/, typeExpected),
    payload: z.unknown().refine((value) => value !== undefined && isStorable(value), payloadExpected),
    priority: z.enum(['high', 'medium', 'low'], { error: 'high, medium or low' }).default('medium'),
  },
  bodyExpected,
);

const keyExpected = 'up to 128 letters, digits, dots, colons, dashes and underscores';

/** Makes a request that is sent again be carried out once. */
export const idempotencyKey = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\w.:-]{1,128}$/, keyExpected)
    .optional(),
});

/** Given without a value it is on. */
function flag() {
  return z
    .enum(['', 'true', '1', 'false', '0'], { error: 'no value, true or false' })
    .transform((value) => value !== 'false' && value !== '0');
}
