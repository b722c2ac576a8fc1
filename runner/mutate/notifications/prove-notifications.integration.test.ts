import { beforeAll, describe, expect, it } from 'vitest';
import type { Outcome } from '#observability/mutants/outcome.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { silence } from '#tests/support/native.ts';
import { toolsFor } from '#tests/support/tools.ts';
import { mutantsOf, type NotificationProof, proveNotifications } from './prove-notifications.ts';
import { shippedNotifications } from './shipped.ts';

const shipped = await shippedNotifications();
const proof: NotificationProof = { ...shipped, tests: { ...shipped.tests, waits: [] } };

let tools: Awaited<ReturnType<typeof toolsFor>>;

beforeAll(async () => {
  tools = await toolsFor('alertmanager', 'amtool');
});

describe('mutants of the configuration of Alertmanager', () => {
  it('are killed by the scene that notices, or by whoever is not told', async () => {
    const outcomes = await prove(proof, [
      'inhibition error-page-over-warning: removed',
      'receiver log: send_resolved: true → false',
    ]);
    expect(outcomes.map(({ fate, because }) => [fate, because])).toEqual([
      [
        'killed',
        'error-page-over-warning: {alertname="HighErrorRate",severity="warning",team="backend"} is not kept quiet',
      ],
      ['killed', 'log is not told that 2 alerts are over'],
    ]);
  });

  it('survive where no scene notices', async () => {
    const without = { ...proof, tests: { ...proof.tests, scenes: proof.tests.scenes.slice(0, 1), delivery: false } };
    const [outcome] = await prove(without, ['inhibition error-page-over-warning: removed']);
    expect(outcome?.fate).toBe('survived');
  });

  it('are not played by tests that fail with the configuration as it is', async () => {
    const scene = { name: 'wrong', alerts: [{ labels: { alertname: 'Some' }, receivers: ['nobody'] }] };
    const wrong = { ...proof, tests: { scenes: [scene], waits: [], delivery: false } };
    await expect(prove(wrong, ['receiver log: nobody is told'])).rejects.toThrow(
      /with the configuration as it is: wrong: .* is told to tickets-platform; expected nobody/,
    );
  });
});

/** Those of this subject that say this. */
async function prove(of: NotificationProof, named: readonly string[]): Promise<readonly Outcome[]> {
  await using directory = await temporaryDirectory();
  const { alertmanager, amtool } = tools;
  return await proveNotifications(
    of,
    mutantsOf(of).filter(({ subject, says }) => named.includes(`${subject}: ${says}`)),
    {
      alertmanager,
      amtool,
      alertmanagerVersion: 'any',
      directory: directory.path,
      jobs: 2,
      remember: false,
      progress: silence,
      signal: new AbortController().signal,
    },
  );
}
