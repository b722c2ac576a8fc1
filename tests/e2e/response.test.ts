import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { replicaNames } from '#catalog/services.ts';
import { entriesOf } from '#chaos/engine/ledger.ts';
import type { StackState } from '#runner/state.ts';
import { signToken } from '#runner/token.ts';
import { firedrill } from '#tests/support/firedrill.ts';
import { processesOf } from '#tests/support/leftovers.ts';
import { playDrill } from '#tests/support/played-drill.ts';
import { everythingTold } from '#tests/support/told.ts';

const alert = 'EdgeAvailabilityBurnRate';

it('who is paged blind, says what it is and restarts the replica has won; until then nothing says what it is', async () => {
  await using played = await playDrill({ mode: 'blind' });
  await played.until(`page: ${alert}`);
  expect(await played.say('ack', alert)).toContain(`Acknowledged by`);
  expect(await played.say('answer')).toMatch(/--component {2}postgres, .*\n(.|\n)*failing-replica +A replica/);
  expect(await played.say('hint')).toBe(
    'Hint 1 of 3, 5 points: Look at who answered the requests that failed before you look at what they asked for.',
  );
  expect(await played.say('answer', '--component', 'backend-2', '--cause', 'failing-replica')).toContain(
    'Noted: backend-2, failing-replica',
  );

  const told = await everythingTold(played.state(), played.directory);
  expect(
    told
      .filter(({ text }) => /sick-replica|http-error(?!s)|One replica fails fast/.test(text))
      .map(({ where }) => where),
  ).toEqual([]);
  expect(told.length).toBeGreaterThan(100);
  expect(told.filter(({ text }) => text === '').length).toBeLessThan(5);

  expect(await played.say('restart', 'backend-2')).toContain('backend-2');
  const { exitCode, all } = await played.over();
  expect(all).toContain('It was sick-replica: http-error on backend-2.');
  expect(all).toMatch(/ {2}WON {2}\d+ points/);
  expect(exitCode).toBe(0);

  const { outcome, performance, score, times } = played.verdict();
  expect(outcome).toBe('won');
  expect(performance).toMatchObject({ componentRatio: 1, causeRatio: 1, hintCost: 5 });
  expect(score.total).toBeGreaterThan(40);
  expect(Object.keys(times)).toEqual(['detect', 'acknowledge', 'mitigate', 'recover']);
  expect(entriesOf(played.ledger(), 'mitigated')).toMatchObject([{ does: 'restarts the replica', how: 'operation' }]);
  for (const { id } of entriesOf(played.ledger(), 'injected')) {
    expect(told.filter(({ text }) => text.includes(id)).map(({ where }) => where)).toEqual([]);
  }

  const shown = /sealed: sha256 ([0-9a-f]{64})/.exec(all)?.[1] ?? '';
  expect(await firedrill(['drill', 'verify', played.run(), '--shown', shown])).toMatchObject({ exitCode: 0 });
  expect(await firedrill(['drill', 'verify', played.run(), '--shown', shown.replace(/./g, '0')])).toMatchObject({
    exitCode: 1,
  });
  expect((await firedrill(['history', '--person', 'ada'], played.env)).stdout).toContain('sick-replica  blind  won');
});

it('who changes what measures the drill has lost, with every reason told', async () => {
  await using played = await playDrill({ mode: 'blind' });
  await played.until(`page: ${alert}`);
  const { services, options } = played.state();
  await played.say('answer', '--component', 'backend-2', '--cause', 'failing-replica');

  // The alert is silenced, and its rule deleted.
  await played.say('silence', alert, '--for', '30m', '--reason', 'quiet');
  const rules = join(played.directory, 'run', 'prometheus', 'rules');
  for (const name of readdirSync(rules)) writeFileSync(join(rules, name), 'groups: []\n');
  process.kill(services.find(({ name }) => name === 'prometheus')?.process?.pid ?? 0, 'SIGHUP');
  // The faults are ended by hand, with the token that the process of the replica has; and the keeper is asked.
  const pid = services.find(({ name }) => name === 'backend-2')?.process?.pid;
  const token = /CONTROL_TOKEN=([^\0]+)/.exec(readFileSync(`/proc/${pid}/environ`, 'utf8'))?.[1];
  const control = `http://127.0.0.1:${options.ports.replicas[replicaNames(2).indexOf('backend-2')]?.control}/faults`;
  expect((await fetch(control, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } })).status).toBe(204);
  expect((await fetch(`${played.state().console?.url}/faults`)).status).toBe(401);
  // The way to the database is mended at the proxy, and what users have stored is written over.
  expect((await fetch(`http://127.0.0.1:${options.ports.toxiproxy}/reset`, { method: 'POST' })).ok).toBe(true);
  expect((await writeOver(played.state(), 1)).status).toBe(200);
  // A replica is scaled away, and the load ended.
  await played.say('scale', '1');
  const k6 = processesOf(played.directory, played.directory).find((line) => line.includes('browse.ts'));
  process.kill(Number(k6?.split(' ')[0]), 'SIGKILL');

  const { exitCode, all } = await played.over();
  expect(all).toMatch(/ {2}LOST {2}0 points/);
  expect(exitCode).toBe(1);
  const lost = played
    .verdict()
    // It is over at once, and may be while the replica that was taken away is still among those that served last.
    .findings.filter(({ held, claim }) => !held && !claim.startsWith('as many replicas serve'))
    .map(({ claim, observed }) => `${claim}: ${observed}`);
  expect(lost).toEqual([
    'users are well again, and stayed so: they never were for long',
    'nothing was stopped that ran before: backend-2 is stopped',
    'the promised load was really offered: The load ended by itself (SIGKILL)',
    'no data is lost: what was there, and what users were told is stored: rows of the beginning are not as they were',
    "the alerts' rules and routes are as they were: they were changed",
    expect.stringMatching(/^the page was not silenced: .+ silenced EdgeAvailabilityBurnRate$/),
    expect.stringMatching(/^nobody touched the faults by hand: (?=.*the control port of backend-2)(?=.*Toxiproxy)/),
  ]);
});

it('who plays in a terminal is led from the page to the end, and says it all there', async () => {
  await using played = await playDrill({ mode: 'guided', inTerminal: true });
  await played.until('You are on call.');
  await played.until(`page: ${alert}`);
  played.type(`ack ${alert}`);
  await played.until('Acknowledged by');
  // Who is drained is not waited for until it serves again.
  played.type('drain backend-2');
  await played.until('That is ended.');
  played.type('answer --component backend-2 --cause failing-replica');
  const { exitCode, all } = await played.over();
  expect(all).toMatch(/ {2}WON {2}\d+ points/);
  expect(exitCode).toBe(0);
  expect(played.verdict().outcome).toBe('won');
});

/** A row, by the replica that is well. */
async function writeOver({ options, tokenSecret = '' }: StackState, id: number): Promise<Response> {
  const issuedAtMs = Date.now();
  const whom = { secret: tokenSecret, role: 'editor', subject: 'somebody' } as const;
  const token = await signToken({ ...whom, issuedAtMs, expiresAtMs: issuedAtMs + 60_000 });
  return await fetch(`http://127.0.0.1:${options.ports.replicas[0]?.http}/api/backend/data/${id}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'another', value: 1 }),
  });
}
