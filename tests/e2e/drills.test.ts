import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse as parseYaml, stringify } from 'yaml';
import { entriesOf } from '#chaos/engine/ledger.ts';
import { projectFile } from '#runner/project.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { firedrill } from '#tests/support/firedrill.ts';
import { readLedger } from '#tests/support/ledgers.ts';
import { processesOf } from '#tests/support/leftovers.ts';

it('a drill that expects the wrong thing deviates: here, that a sick replica pages nobody', async () => {
  await using directory = await temporaryDirectory();
  const drill = parseYaml(readFileSync(projectFile('chaos/drills/sick-replica.yaml'), 'utf8'));
  drill.metadata.name = 'wrong-expectation';
  drill.steadyState.holdFor = '5s';
  drill.steadyState.within = '45s';
  drill.expect.mustFire = [];
  const file = join(directory.path, 'wrong-expectation.yaml');
  writeFileSync(file, stringify(drill));

  const { exitCode, all } = await runDrill(file, directory.path);

  expect(all).toContain('✗ no other alert fires: EdgeAvailabilityBurnRate');
  expect(all).toContain('DEVIATED  wrong-expectation');
  expect(exitCode).toBe(1);
});

it('an interrupted drill ends everything that it started', async () => {
  await using directory = await temporaryDirectory();
  const running = runDrill('sick-replica', directory.path);
  await expect.poll(() => entriesOf(readLedger(directory.path), 'load-started').length, { timeout: 60_000 }).toBe(1);
  running.kill('SIGINT');
  const { exitCode, all } = await running;
  expect(all).toContain('Interrupted; everything that was started has ended.');
  expect(exitCode).toBe(130);
  expect(processesOf(directory.path, directory.path)).toEqual([]);
});

it('an interrupted proof writes what there is, and ends everything that it started', async () => {
  await using directory = await temporaryDirectory();
  const json = join(directory.path, 'proof.json');
  const how = ['--runtime', 'native', '--free-ports', '--state-directory', directory.path];
  const running = firedrill(['prove', 'sick-replica', 'no-fault', '--json', json, ...how]);
  await expect.poll(() => processesOf(directory.path, directory.path).length, { timeout: 60_000 }).toBeGreaterThan(3);
  running.kill('SIGINT');
  const { exitCode, all } = await running;
  expect(all).toContain('INTERRUPTED  0 of 2 episodes held, 2 not played');
  expect(exitCode).toBe(130);
  expect(JSON.parse(readFileSync(json, 'utf8')).verdict.outcome).toBe('interrupted');
  expect(processesOf(directory.path, directory.path)).toEqual([]);
});

it('a load generator that dies is a failure of the harness, not a verdict', async () => {
  await using directory = await temporaryDirectory();
  const running = runDrill('sick-replica', directory.path);
  const k6 = () => processesOf(directory.path, directory.path).find((line) => line.includes('browse.ts'));
  await expect.poll(() => entriesOf(readLedger(directory.path), 'topology').length, { timeout: 60_000 }).toBe(1);
  process.kill(Number(k6()?.split(' ')[0]), 'SIGKILL');
  const { exitCode, all } = await running;
  expect(all).toContain('The load ended by itself (SIGKILL)');
  expect(exitCode).toBe(3);
  expect(processesOf(directory.path, directory.path)).toEqual([]);
});

it.each([
  [['drill', 'sick-replca'], ', or a path to a drill file (got "sick-replca")'],
  [['drill', './missing.yaml'], 'drill: no file at ./missing.yaml'],
  [['up', '--time-scale', '400'], "argument '400' is invalid. Expected a number from 1 to 300."],
  [['logs', 'postgrs'], 'service: expected one of postgres, valkey'],
])('usage errors name the value and what was expected: %s', async (args, message) => {
  const { exitCode, stderr } = await firedrill(args);
  expect(stderr).toContain(message);
  expect(exitCode).toBe(2);
});

function runDrill(drill: string, directory: string) {
  return firedrill([
    'drill',
    drill,
    '--auto',
    '--runtime',
    'native',
    '--free-ports',
    '--seed',
    'e2e',
    '--state-directory',
    directory,
  ]);
}
