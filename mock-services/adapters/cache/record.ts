import { randomBytes } from 'node:crypto';

/**
 * How a copy is kept: 16 characters of the generation it belongs to, its kind, 16 digits of version, 6 bytes of Unix
 * milliseconds, and then the body as it is sent. Versions have a fixed width so that scripts compare them as strings.
 */
export type RecordKind =
  /** The body of something. */
  | 'B'
  /** Nothing is there, or not any more. */
  | 'T'
  /** Stands where a copy was taken away, so that a load that began before does not put it back. */
  | 'F';

export const tokenBytes = 16;
const kindAt = tokenBytes;
const versionAt = kindAt + 1;
const versionDigits = 16;
const storedAt = versionAt + versionDigits;
const timeBytes = 6;
export const headerBytes = storedAt + timeBytes;

/** A name for a generation that no other has, or will have. */
export function newToken(): string {
  return randomBytes(12).toString('base64url');
}

/** What follows the token in a header. */
export function stamp(kind: RecordKind, version: number, storedMs: number): Buffer {
  const bytes = Buffer.alloc(headerBytes - tokenBytes);
  bytes.write(`${kind}${String(version).padStart(versionDigits, '0')}`, 'latin1');
  bytes.writeUIntBE(storedMs, storedAt - tokenBytes, timeBytes);
  return bytes;
}

/** True if the copy belongs to the generation. On the path of each cached read: compares numbers, allocates nothing. */
export function belongsTo(record: Buffer, token: Buffer): boolean {
  if (record.length < headerBytes || token.length !== tokenBytes) return false;
  for (let at = 0; at < tokenBytes; at += 1) if (record[at] !== token[at]) return false;
  return true;
}

/** True if the copy has a body. */
export function hasBody(record: Buffer): boolean {
  return record[kindAt] === bodyKind;
}

/** The bytes to send, not copied. */
export function bodyOf(record: Buffer): Buffer {
  return record.subarray(headerBytes);
}

export function headerOf(record: Buffer | null): Buffer {
  return record === null ? none : record.subarray(0, headerBytes);
}

/** Of what a header says; 0 where there is no copy. */
export function versionOf(header: Buffer): number {
  return Number(header.toString('latin1', versionAt, storedAt));
}

/** Clocks of two replicas may differ: never less than 0. */
export function ageSeconds(record: Buffer, nowMs: number): number {
  return Math.max(0, (nowMs - record.readUIntBE(storedAt, timeBytes)) / 1000);
}

const none = Buffer.alloc(0);
const bodyKind = 'B'.charCodeAt(0);
