import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { takeLock } from './lock.ts';
import { identify, type ProcessIdentity } from './process-identity.ts';

const us = identify(process.pid) as ProcessIdentity;
const dead: ProcessIdentity = { pid: process.pid, startedAt: 'another time' };

it('a lock is held while its holder lives', async () => {
  await using directory = await temporaryDirectory();
  const lock = join(directory.path, 'lock');
  takeLock(lock, us);
  expect(() => takeLock(lock, us)).toThrow(`runner pid ${us.pid}`);
  expect(readdirSync(directory.path)).toEqual(['lock']);
});

it.each([
  ['a process that has died, also when its pid is in use again', JSON.stringify(dead)],
  ['nobody, because it is garbage', '{'],
  ['nobody, because it is empty', ''],
])('a lock is taken over from %s', async (_, content) => {
  await using directory = await temporaryDirectory();
  const lock = join(directory.path, 'lock');
  writeFileSync(lock, content);
  takeLock(lock, us);
  expect(() => takeLock(lock, us)).toThrow('A stack is already up');
  expect(readdirSync(directory.path)).toEqual(['lock']);
});
