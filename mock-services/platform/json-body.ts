import express, { type Request, type Response } from 'express';
import { AppError } from './errors.ts';

/** The largest body that is taken, in bytes. */
export const longestBodyBytes = 100_000;

/**
 * Reads the body as JSON; undefined when there is none.
 * @throws AppError PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, VALIDATION_ERROR
 */
export function readJsonBody(request: Request, response: Response): Promise<unknown> {
  if (!hasBody(request)) return Promise.resolve(undefined);
  if (!request.is('application/json')) return Promise.reject(new AppError('UNSUPPORTED_MEDIA_TYPE'));
  return new Promise((resolve, reject) => {
    parse(request, response, (error: unknown) => {
      if (error === undefined) resolve(request.body);
      else reject(isSyntaxError(error) ? notJson(error) : error);
    });
  });
}

/** What is compressed is not taken: a little of it could be a lot. */
const parse = express.json({ limit: longestBodyBytes, inflate: false, strict: false });

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function isSyntaxError(error: unknown): boolean {
  return error instanceof Error && 'type' in error && error.type === 'entity.parse.failed';
}

function notJson(cause: unknown): AppError {
  return new AppError('VALIDATION_ERROR', { cause, details: [{ field: '', value: null, expected: 'JSON' }] });
}
