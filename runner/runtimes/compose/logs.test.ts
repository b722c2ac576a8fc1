import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '#tests/support/native.ts';
import { logSorter } from './logs.ts';

it('puts every line into the file of its service, as it was written, and passes remarks of Compose over', async () => {
  await using directory = await temporaryDirectory();
  const told: string[] = [];
  const sort = logSorter('firedrill-1a2b', directory.path, (service, line) => told.push(`${service}: ${line}`));
  sort('firedrill-1a2b-backend-1     | {"msg":"a | b"}');
  sort('firedrill-1a2b-valkey-queues  |   indented');
  sort('firedrill-1a2b-backend-1     | ');
  sort('firedrill-1a2b-backend-1 exited with code 137 (restarting)');
  expect(readdirSync(directory.path).sort()).toEqual(['backend-1.log', 'valkey-queues.log']);
  expect(readFileSync(join(directory.path, 'backend-1.log'), 'utf8')).toBe('{"msg":"a | b"}\n\n');
  expect(readFileSync(join(directory.path, 'valkey-queues.log'), 'utf8')).toBe('  indented\n');
  expect(told).toHaveLength(3);
});
