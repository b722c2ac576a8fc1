import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LogTail } from './log-tail.ts';

let directory: string;
let path: string;
let lines: string[];
let tail: LogTail;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'firedrill-tail-'));
  path = join(directory, 'access.log');
  lines = [];
  tail = new LogTail(path, (line) => lines.push(line));
});

afterEach(() => {
  tail.close();
  rmSync(directory, { recursive: true });
});

it('a file that comes later is read from its beginning', () => {
  tail.drain();
  writeFileSync(path, 'a\nb\n');
  tail.drain();
  appendFileSync(path, 'c\n');
  tail.drain();
  tail.drain();
  expect(lines).toEqual(['a', 'b', 'c']);
});

it('a line is handed over once it is complete, characters cut in two included', () => {
  const bytes = Buffer.from('grün\nrot');
  writeFileSync(path, bytes.subarray(0, 3));
  tail.drain();
  expect(lines).toEqual([]);
  appendFileSync(path, bytes.subarray(3));
  tail.drain();
  expect(lines).toEqual(['grün']);
  appendFileSync(path, '\n');
  tail.drain();
  expect(lines).toEqual(['grün', 'rot']);
});

it('a file longer than what is read at once loses nothing', () => {
  const written = Array.from({ length: 20_000 }, (_, index) => `line ${index}`);
  writeFileSync(path, `${written.join('\n')}\n`);
  tail.drain();
  expect(lines).toEqual(written);
});

it('a truncated file is read again from its beginning', () => {
  writeFileSync(path, 'old line\nhalf');
  tail.drain();
  truncateSync(path);
  tail.drain();
  appendFileSync(path, 'new\n');
  tail.drain();
  expect(lines).toEqual(['old line', 'new']);
});

it('a rotated file is read to its end, then the new one', () => {
  writeFileSync(path, 'a\n');
  tail.drain();
  appendFileSync(path, 'b\n');
  renameSync(path, `${path}.1`);
  writeFileSync(path, 'c\n');
  tail.drain();
  expect(lines).toEqual(['a', 'b', 'c']);
});

it('a line without end does not fill the memory', () => {
  writeFileSync(path, 'x'.repeat(1_000_000));
  tail.drain();
  appendFileSync(path, '\nnext\n');
  tail.drain();
  expect(lines.at(-1)).toBe('next');
  expect(lines[0]?.length).toBeLessThan(70_000);
});
