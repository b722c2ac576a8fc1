import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { follow } from './follow.ts';
import { logArguments, logStamp } from './logs.ts';

const line = (second: number): string => `app-pager  | 2100-01-01T00:00:0${second}.000000000Z page ${second}`;

it('tells each line once when what it reads from ends, with an engine whose clock is ahead', async () => {
  await using directory = await temporaryDirectory();
  const command = join(directory.path, 'docker-compose');
  // Ends after two lines; asked again, it begins with what was told and goes on.
  writeFileSync(
    command,
    `#!/bin/sh
case "$*" in
  *" --since 2099-12-31T23:59:52.000Z") printf '%s\\n' '${line(1)}' '${line(2)}' '${line(3)}'; exec sleep 60 ;;
  *) printf '%s\\n' '${line(1)}' '${line(2)}' ;;
esac
`,
  );
  chmodSync(command, 0o755);
  const told: string[] = [];
  await using _follower = follow({ name: 'app', command }, logArguments, logStamp('app'), (each) => told.push(each));
  await expect.poll(() => told.length, { timeout: 10_000 }).toBeGreaterThan(2);
  expect(told).toEqual([line(1), line(2), line(3)]);
});
