import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse as parseYaml, stringify } from 'yaml';
import { systemClock } from '#chaos/engine/clock.ts';
import { createLedger, entriesOf } from '#chaos/engine/ledger.ts';
import { parseDrill } from '#chaos/engine/parse.ts';
import { runDrill } from '#chaos/engine/run.ts';
import { type Finding, judge } from '#chaos/engine/verdict.ts';
import { createSequence } from '#mock-services/platform/sequence.ts';
import { projectFile } from '#runner/project.ts';
import { drillTarget } from '#runner/target.ts';
import { startServices } from '#tests/support/native.ts';

/** A minute each: of every night, not of every change. */
const repeats = Number(process.env.FIREDRILL_REPEATS ?? 0);
const route = '/api/backend/data/summary';
const ratio = 0.3;

it.skipIf(repeats === 0)(
  `has the same verdict and fails the same requests ${repeats} of ${repeats} times for one seed`,
  async () => {
    const drill = sickOnTwoRoutes();
    await using stack = await startServices([], { databaseLatencyMs: drill.stack.databaseLatency * 1000 });
    const target = await drillTarget(stack, stack.directory);
    const asked = `http://127.0.0.1:${stack.options.ports.replicas[1]?.http}${route}`;
    const runs: { readonly failed: string; readonly verdict: object }[] = [];
    for (let run = 0; run < repeats; run += 1) {
      if (run > 0) await stack.renewMonitoring();
      const isBroken = Promise.withResolvers<void>();
      const ledger = createLedger(systemClock, () => {
        if (entriesOf(ledger.entries, 'injected').length === drill.faults.length) isBroken.resolve();
      });
      const playing = runDrill(drill, {
        target,
        ledger,
        clock: systemClock,
        seed: 'same',
        signal: new AbortController().signal,
      });
      await Promise.race([isBroken.promise, playing]);
      const failed = await failuresOf(asked);
      await playing;
      const { held, findings } = judge(ledger.entries);
      runs.push({ failed, verdict: { held, findings: findings.map(withoutBounds) } });
    }
    expect(runs).toEqual(runs.map(() => runs[0]));
    expect(runs[0]).toMatchObject({ verdict: { held: true } });
    const fails = createSequence({ ratio, seed: 'same', instance: 'backend-2' });
    expect(runs[0]?.failed).toBe(Array.from({ length: 100 }, (_, request) => (fails(request) ? 'x' : '.')).join(''));
  },
  3_600_000,
);

/** How soon theory has it depends on how full the windows were. */
function withoutBounds({ claim, held }: Finding) {
  return { claim: claim.replace(/ within .*/, ''), held };
}

/** One after the other: which request is which is known. */
async function failuresOf(url: string): Promise<string> {
  let failed = '';
  for (let request = 0; request < 100; request += 1) {
    const response = await fetch(url);
    await response.arrayBuffer();
    failed += response.status === 500 ? 'x' : '.';
  }
  return failed;
}

/** Users are failed on what they ask; beside that a share of what nobody but this test asks. */
function sickOnTwoRoutes() {
  const drill = parseYaml(readFileSync(projectFile('chaos/drills/sick-replica.yaml'), 'utf8'));
  const [fault] = drill.faults;
  drill.faults = [
    { ...fault, args: { ratio: 1, routes: ['/api/backend/data', '/api/backend/users'] } },
    { ...fault, args: { ratio, routes: [route] } },
  ];
  drill.steadyState.holdFor = '5s';
  return parseDrill(stringify(drill), 'same-seed.yaml');
}
