import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packCapsule } from '#chaos/capsule/capsule.ts';
import { exampleCapsule } from '#chaos/testing/capsule.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { firedrill } from '#tests/support/firedrill.ts';

it('the debrief is of the last run that has something to tell, also where the environment says where it is', async () => {
  await using directory = await temporaryDirectory();
  const [last, interrupted] = ['2026-01-02T00', '2026-01-03T00'].map((run) => join(directory.path, 'runs', run));
  for (const run of [last ?? '', interrupted ?? '']) mkdirSync(run, { recursive: true });
  writeFileSync(join(last ?? '', 'capsule.json.gz'), packCapsule(exampleCapsule()));
  expect(await firedrill(['debrief'], { FIREDRILL_STATE_DIRECTORY: directory.path })).toMatchObject({ exitCode: 0 });
  expect(existsSync(join(last ?? '', 'debrief.html'))).toBe(true);
});
