import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

const chunkBytes = 64 * 1024;
/** A longer line is no access log line: its beginning is given up rather than kept in memory. */
const maxLineBytes = 64 * 1024;
const newline = 0x0a;

/**
 * Reads a growing file line by line from its beginning, through truncation and rotation.
 * Synchronous, so that whoever drains it knows that every line written before was seen, once.
 */
export class LogTail {
  readonly #path: string;
  readonly #onLine: (line: string) => void;
  readonly #chunk = Buffer.allocUnsafe(chunkBytes);
  #file: { readonly descriptor: number; readonly inode: number } | undefined;
  #offset = 0;
  #unfinished: Buffer = Buffer.alloc(0);

  constructor(path: string, onLine: (line: string) => void) {
    this.#path = path;
    this.#onLine = onLine;
  }

  /** Hands over every complete line that is in the file now. A missing file has none. */
  drain(): void {
    this.#readToEnd();
    if (!this.#isRotated()) return;
    this.#readToEnd();
    this.close();
    this.#readToEnd();
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file.descriptor);
    this.#file = undefined;
    this.#startOver();
  }

  #readToEnd(): void {
    this.#file ??= openIfPresent(this.#path);
    if (this.#file === undefined) return;
    const { descriptor } = this.#file;
    if (fstatSync(descriptor).size < this.#offset) this.#startOver();
    for (;;) {
      const length = readSync(descriptor, this.#chunk, 0, chunkBytes, this.#offset);
      if (length === 0) return;
      this.#offset += length;
      this.#split(this.#chunk.subarray(0, length));
    }
  }

  #split(read: Buffer): void {
    const end = read.lastIndexOf(newline);
    if (end === -1) {
      const kept = Buffer.concat([this.#unfinished, read]);
      this.#unfinished = kept.length > maxLineBytes ? Buffer.alloc(0) : kept;
      return;
    }
    const text = Buffer.concat([this.#unfinished, read.subarray(0, end)]).toString('utf8');
    this.#unfinished = Buffer.from(read.subarray(end + 1));
    for (const line of text.split('\n')) this.#onLine(line);
  }

  #isRotated(): boolean {
    if (this.#file === undefined) return false;
    const present = statSync(this.#path, { throwIfNoEntry: false });
    return present !== undefined && present.ino !== this.#file.inode;
  }

  #startOver(): void {
    this.#offset = 0;
    this.#unfinished = Buffer.alloc(0);
  }
}

function openIfPresent(path: string) {
  try {
    const descriptor = openSync(path, 'r');
    return { descriptor, inode: fstatSync(descriptor).ino };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
