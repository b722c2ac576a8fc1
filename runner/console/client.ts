import type { ControlAddress } from '#chaos/engine/target.ts';
import { RunnerError, runnerErrorCode } from '../errors.ts';
import { keeperPatienceMs } from './console.ts';
import { linesOf } from './lines.ts';
import { type OperationLine, type OperationOrder, operationLineSchema } from './operation-order.ts';

/** Where the runner of a stack listens, as its state says. */
export interface ConsoleAddress {
  readonly url: string;
  readonly operatorToken: string;
  /** Absent while people must not touch faults. */
  readonly controlToken?: string | undefined;
}

export interface ConsoleAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** How other commands speak to the runner that holds the stack. */
export interface ConsoleClient {
  /**
   * Has something done and gives the sentence about it.
   * @throws RunnerError as it was thrown there
   */
  operate(order: OperationOrder, report: (text: string) => void, signal: AbortSignal): Promise<string>;
  /** Asks anything else of the console. @throws RunnerError SERVICE_FAILED when it does not answer */
  ask(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<ConsoleAnswer>;
  /** Undefined while people must not touch faults. */
  readonly keeper: ControlAddress | undefined;
}

export function consoleClient({ url, operatorToken, controlToken }: ConsoleAddress): ConsoleClient {
  return {
    keeper:
      controlToken === undefined
        ? undefined
        : { name: 'keeper', url, token: controlToken, patienceMs: keeperPatienceMs },
    operate: async (order, report, signal) => {
      const response = await send('POST', '/operations', order, signal);
      if (response.status !== 200 || response.body === null) throw failure(await jsonOf(response));
      for await (const text of linesOf(response.body)) {
        const line: OperationLine = operationLineSchema.parse(JSON.parse(text));
        if ('report' in line) report(line.report);
        if ('done' in line) return line.done;
        if ('failed' in line) throw failure({ error: line.failed });
      }
      throw new RunnerError('SERVICE_FAILED', `The runner of the stack ended before ${order.name} was done.`);
    },
    ask: async (method, path, body, signal) => {
      const response = await send(method, path, body, signal);
      return { status: response.status, body: await jsonOf(response) };
    },
  };

  async function send(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
    return await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${operatorToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    }).catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw new RunnerError('SERVICE_FAILED', 'The runner of the stack does not answer.', { cause });
    });
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text();
  return text === '' ? undefined : JSON.parse(text);
}

function failure(body: unknown): RunnerError {
  const { code, message } = (body as { error: { code?: string; message: string } }).error;
  return new RunnerError(runnerErrorCode(code) ?? 'SERVICE_FAILED', message);
}
