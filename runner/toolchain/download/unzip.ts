import { createWriteStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { ToolError } from '../errors.ts';

const endOfDirectory = 0x06054b50;
const endOfDirectoryBytes = 22;
const longestCommentBytes = 0xffff;
const entryHeaderBytes = 46;
const localHeaderBytes = 30;
const deflated = 8;

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly compressedBytes: number;
  readonly headerOffset: number;
}

/**
 * Extracts one file of a zip archive: `unzip` is often not installed where `tar` always is.
 * @source https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 * @throws ToolError ARCHIVE_BROKEN
 */
export async function unzip(archive: string, member: string, target: string): Promise<void> {
  const file = await open(archive);
  try {
    const entry = (await entries(file)).find(({ name }) => name === member);
    if (!entry) throw new ToolError('ARCHIVE_BROKEN', `${archive} does not contain ${member}`);
    const header = await read(file, entry.headerOffset, localHeaderBytes);
    const start = entry.headerOffset + localHeaderBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
    const content = file.createReadStream({ start, end: start + entry.compressedBytes - 1, autoClose: false });
    const output = createWriteStream(target, { mode: 0o755 });
    if (entry.method === deflated) await pipeline(content, createInflateRaw(), output);
    else await pipeline(content, output);
  } finally {
    await file.close();
  }
}

async function entries(file: FileHandle): Promise<Entry[]> {
  const { size } = await file.stat();
  const tail = await read(file, Math.max(0, size - endOfDirectoryBytes - longestCommentBytes), size);
  const end = lastIndexOf(tail, endOfDirectory);
  if (end < 0) throw new ToolError('ARCHIVE_BROKEN', 'the downloaded file is not a zip archive');
  const directory = await read(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const found: Entry[] = [];
  for (let at = 0; at + entryHeaderBytes <= directory.length; ) {
    const nameBytes = directory.readUInt16LE(at + 28);
    found.push({
      name: directory.toString('utf8', at + entryHeaderBytes, at + entryHeaderBytes + nameBytes),
      method: directory.readUInt16LE(at + 10),
      compressedBytes: directory.readUInt32LE(at + 20),
      headerOffset: directory.readUInt32LE(at + 42),
    });
    at += entryHeaderBytes + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return found;
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function lastIndexOf(buffer: Buffer, signature: number): number {
  for (let at = buffer.length - endOfDirectoryBytes; at >= 0; at--) {
    if (buffer.readUInt32LE(at) === signature) return at;
  }
  return -1;
}
