import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { entriesOf, type LedgerEntry } from '#chaos/engine/ledger.ts';
import { judge } from '#chaos/engine/verdict.ts';
import type { Proof } from '#chaos/prove/proof.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { everythingLeft, type RuntimeUnderTest } from '#tests/conformance/conformance.ts';
import { firedrill } from '#tests/support/firedrill.ts';
import { ledgerIn } from '#tests/support/ledgers.ts';

/** What is judged, so that the verdicts of both runtimes can be held side by side; limits follow from what was measured. */
const claimsOfSickReplica = [
  'the steady state was proven before',
  'every fault was in force for its whole time, and reverted',
  'EdgeAvailabilityBurnRate pages',
  'EdgeAvailabilityBurnRate resolves',
  'error ratio at the edge moves, so users feel the fault',
  'error ratio at the edge recovers',
  'no other alert fires',
  'the promised load was really offered',
  'the topology is intact and no fault is left',
  'the baseline is back after',
];

/** Drills on so many stacks side by side. How fast their alerts are is compared at night, by a machine that has nothing else to do. */
export function provesItsAlerts(underTest: RuntimeUnderTest, drills: readonly string[], jobs: number): void {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let told: Awaited<ReturnType<typeof firedrill>>;
  const file = (name: string) => readFileSync(join(directory.path, name), 'utf8');

  beforeAll(async () => {
    directory = await temporaryDirectory();
    const how = [
      '--runtime',
      underTest.runtime,
      '--free-ports',
      '--jobs',
      `${jobs}`,
      '--state-directory',
      directory.path,
      '--no-baseline',
    ];
    const outputs = ['--json', join(directory.path, 'proof.json'), '--junit', join(directory.path, 'proof.xml')];
    told = await firedrill(['prove', ...drills, ...how, ...outputs]);
  });
  afterAll(() => directory?.[Symbol.asyncDispose]());

  it('tell of their faults within their bounds, and nothing else tells', () => {
    expect(told.all).toContain(`HELD  ${drills.length} of ${drills.length} episodes held`);
    expect(told.exitCode).toBe(0);
    const { matrix, scores } = JSON.parse(file('proof.json')) as Proof;
    const controls = drills.filter((drill) => drill === 'no-fault').length;
    expect(scores).toMatchObject({ falsePages: 0, falseAlarms: { count: 0, of: controls } });
    expect(scores.inTime.count).toBe(scores.recall.of);
    const cells = matrix.rows.find(({ drill }) => drill === 'sick-replica')?.cells;
    const page = cells?.find(({ alert }) => alert === 'EdgeAvailabilityBurnRate');
    expect(page).toMatchObject({ expectation: 'must', state: 'detected' });
    expect(file('proof.xml')).toContain('failures="0" errors="0"');
  });

  it('are judged by the same claims wherever a drill was played', () => {
    const ledger = ledgerOf('sick-replica');
    const { held, findings } = judge(ledger);
    expect(held).toBe(true);
    expect(findings.map(({ claim }) => claim.replace(/ within .*/, ''))).toEqual(claimsOfSickReplica);
    const marks = [
      'injected',
      'first-bad-request',
      'firing',
      'notified',
      'reverted',
      'sli-recovered',
      'resolved',
    ] as const;
    const ofThePage = ledger.filter((entry) => !('alert' in entry) || entry.alert === 'EdgeAvailabilityBurnRate');
    const times = marks.map((mark) => entriesOf(ofThePage, mark)[0]?.atMs ?? Number.NaN);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times).not.toContain(Number.NaN);
    const measured = entriesOf(ledger, 'measured')[0];
    expect(measured?.trafficShare['backend-2']).toBeGreaterThan(0.55);
  });

  it('are proven on stacks that drills share, of which nothing is left', async () => {
    expect(told.all.match(/ stack done/g)?.length).toBeLessThan(drills.length);
    expect(await everythingLeft(underTest, directory.path)).toEqual([]);
  });

  function ledgerOf(drill: string): readonly LedgerEntry[] {
    const [proof = ''] = readdirSync(join(directory.path, 'proofs'));
    return ledgerIn(join(directory.path, 'proofs', proof, `${drill}-1`));
  }
}
