import type { Request, Response } from 'express';
import type { OperationEvent } from '#chaos/engine/target.ts';
import { RunnerError } from '../errors.ts';
import type { Operate } from './console.ts';
import { type OperationLine, operationOrderSchema } from './operation-order.ts';

/** Answers with one JSON object a line, while it is done. Whoever does not wait for the end interrupts it. */
export function operationRoute(operate: Operate, tell: (event: OperationEvent) => void) {
  return async (request: Request, response: Response): Promise<void> => {
    const order = operationOrderSchema.safeParse(request.body);
    if (!order.success) throw new RunnerError('USAGE', 'expected an object with name and targets');
    const startedAtMs = Date.now();
    const interrupted = new AbortController();
    response.on('close', () => interrupted.abort(new RunnerError('INTERRUPTED', 'nobody waits for it any more')));
    const write = (line: OperationLine): void => void response.write(`${JSON.stringify(line)}\n`);
    const { name, targets } = order.data;
    const event = { event: 'operation', name, targets, startedAtMs } as const;
    response.status(200).type('application/x-ndjson');
    try {
      const report = (text: string): void => write({ report: text });
      const done = await operate(order.data, { report, signal: interrupted.signal });
      tell({ ...event, ok: true });
      write({ done });
    } catch (error) {
      const { message } = error as Error;
      tell({ ...event, ok: false, problem: message });
      write({ failed: { message, ...(error instanceof RunnerError ? { code: error.code } : {}) } });
    }
    response.end();
  };
}
