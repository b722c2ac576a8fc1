import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ToolError } from '../errors.ts';
import { get, reason } from './host.ts';

/**
 * Writes what a URL answers to a file.
 * @returns its SHA-256 in hexadecimal
 * @throws ToolError DOWNLOAD_FAILED (also when the transfer is cut off)
 */
export async function download(
  url: string,
  file: string,
  signal: AbortSignal,
  report: (detail: string) => void,
): Promise<string> {
  const response = await get(url, signal);
  if (!response.body) throw new ToolError('DOWNLOAD_FAILED', `${url} answers without a body`);
  const expectedBytes = Number(response.headers.get('content-length') ?? 0);
  const hash = createHash('sha256');
  let receivedBytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      receivedBytes += chunk.length;
      report(amount(receivedBytes, expectedBytes));
      done(null, chunk);
    },
  });
  try {
    await pipeline(Readable.fromWeb(response.body as never), meter, createWriteStream(file), { signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw new ToolError('DOWNLOAD_FAILED', `${url} was cut off: ${reason(cause)}`, { cause });
  }
  return hash.digest('hex');
}

function amount(receivedBytes: number, expectedBytes: number): string {
  const megabytes = (receivedBytes / 1e6).toFixed(1);
  if (expectedBytes === 0) return `downloading, ${megabytes} MB`;
  return `downloading, ${Math.floor((100 * receivedBytes) / expectedBytes)} % of ${(expectedBytes / 1e6).toFixed(0)} MB`;
}
