import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { logSorter, logStamp } from './logs.ts';

const time = '1970-01-01T00:00:01.000000002Z';

it('puts every line into the file of its service, as it was written, and passes remarks of Compose over', async () => {
  await using directory = await temporaryDirectory();
  const told: string[] = [];
  const sort = logSorter('firedrill-1a2b', directory.path, (service, line) => told.push(`${service}: ${line}`));
  sort(`firedrill-1a2b-backend-1     | ${time} {"msg":"a | b"}`);
  sort(`firedrill-1a2b-valkey-queues  | ${time}   indented`);
  sort(`firedrill-1a2b-backend-1     | ${time} `);
  sort('firedrill-1a2b-backend-1 exited with code 137 (restarting)');
  expect(readdirSync(directory.path).sort()).toEqual(['backend-1.log', 'valkey-queues.log']);
  expect(readFileSync(join(directory.path, 'backend-1.log'), 'utf8')).toBe('{"msg":"a | b"}\n\n');
  expect(readFileSync(join(directory.path, 'valkey-queues.log'), 'utf8')).toBe('  indented\n');
  expect(told).toHaveLength(3);
});

it('puts a line together that the engine kept in pieces', async () => {
  await using directory = await temporaryDirectory();
  const told: string[] = [];
  logSorter('firedrill-1a2b', directory.path, (_service, line) => told.push(line))(
    `firedrill-1a2b-pager  | ${time} {"long":${time} "line of 1970-01-01T00:00:01.000000003Z or so"}`,
  );
  expect(told).toEqual(['{"long":"line of 1970-01-01T00:00:01.000000003Z or so"}']);
});

it('knows when and of whom a line is', () => {
  const stampOf = logStamp('firedrill-1a2b');
  expect(stampOf(`firedrill-1a2b-backend-1  | ${time} text`)).toEqual({ source: 'backend-1', timeNs: 1_000_000_002n });
  expect(stampOf('firedrill-1a2b-backend-1 exited with code 137 (restarting)')).toBeUndefined();
});
