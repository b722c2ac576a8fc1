import { z } from 'zod';

/** A JSON Schema, draft 2020-12, as far as the project looks into it. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
}

/** The schema of what goes into a zod schema, or of what has come out of it. */
export function schemaOf(schema: z.ZodType, side: 'input' | 'output'): JsonSchema {
  const {
    $schema: _,
    '~standard': __,
    ...described
  } = z.toJSONSchema(schema, { io: side, override: describeNumberInText });
  return described as JsonSchema;
}

/** A number written in digits is described as the number, with its default. */
function describeNumberInText({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: z.core.$ZodTypes;
  jsonSchema: z.core.JSONSchema.BaseSchema;
}) {
  if (jsonSchema.type !== 'integer') return;
  delete jsonSchema.pattern;
  const { def } = zodSchema._zod;
  if (def.type === 'default') jsonSchema.default = def.defaultValue;
}
