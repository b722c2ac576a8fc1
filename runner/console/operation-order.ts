import { z } from 'zod';

/** What somebody wants done to the running stack: `restart` to `backend-2`. */
export const operationOrderSchema = z.strictObject({
  name: z.string(),
  targets: z.array(z.string()).default([]),
});

export type OperationOrder = Readonly<z.infer<typeof operationOrderSchema>>;

/** Lines of the answer to an operation: any number of reports, then how it ended. */
export const operationLineSchema = z.union([
  z.strictObject({ report: z.string() }),
  z.strictObject({ done: z.string() }),
  z.strictObject({ failed: z.strictObject({ code: z.string().optional(), message: z.string() }) }),
]);

export type OperationLine = Readonly<z.infer<typeof operationLineSchema>>;
