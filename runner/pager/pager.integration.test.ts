import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NotificationStatus } from '#chaos/engine/target.ts';
import type { OpenStack } from '#runner/stack.ts';
import { fire, firingNow } from '#tests/support/alerts.ts';
import { firedrill } from '#tests/support/firedrill.ts';
import { startServices } from '#tests/support/native.ts';
import type { Page } from './pager.ts';

/** The fastest there is: a page waits 3 s for somebody, Alertmanager repeats it every second. */
const timeScale = 300;

const patience = { timeout: 20_000, interval: 20 };

let stack: OpenStack;
const pages: Page[] = [];

beforeAll(async () => {
  stack = await startServices(['alertmanager'], { timeScale });
  stack.notifications.listen((page) => pages.push(page));
});

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

describe('a page', () => {
  it('is told once by the pager of its team, with what to do', async () => {
    await fire(stack, pageLabels('Told'), { runbook_url: 'docs/runbooks/Told.md' });
    await until('Told', ['firing']);
    expect(pages.find(({ alert }) => alert === 'Told')).toMatchObject({
      severity: 'page',
      channel: 'pager',
      receivers: ['pager-backend'],
      runbook: 'docs/runbooks/Told.md',
    });
  });

  it('goes to the next receiver when nobody acknowledges it, not before its time, and is taken back there too', async () => {
    const alert = await fire(stack, pageLabels('Ignored'));
    await until('Ignored', ['firing', 'escalated']);
    const [first, second] = pagesOf('Ignored');
    expect((second?.receivedAtMs ?? 0) - (first?.receivedAtMs ?? 0)).toBeGreaterThanOrEqual(3000);
    expect(second?.receivers).toEqual(['pager-backend', 'escalation']);
    await alert.end();
    await until('Ignored', ['firing', 'escalated', 'resolved']);
    expect(pagesOf('Ignored').at(-1)?.receivers).toEqual(['pager-backend', 'escalation']);
  });

  it('that ends in time is not escalated', async () => {
    const alert = await fire(stack, pageLabels('Short'));
    await until('Short', ['firing']);
    await alert.end();
    await until('Short', ['firing', 'resolved']);
    await fire(stack, pageLabels('After'));
    await until('After', ['firing', 'escalated']);
    expect(statusesOf('Short')).toEqual(['firing', 'resolved']);
  });

  it('is escalated also while Alertmanager does not answer', async () => {
    await using lonely = await startServices(['alertmanager'], { timeScale });
    const told: NotificationStatus[] = [];
    lonely.notifications.listen(({ status }) => told.push(status));
    await fire(lonely, pageLabels('Lonely'));
    await expect.poll(() => told).toEqual(['firing']);
    process.kill(lonely.status()[0]?.pid ?? 0, 'SIGKILL');
    await expect.poll(() => told, { timeout: 20_000 }).toEqual(['firing', 'escalated']);
  });

  it('is written down with everything that was told of it', async () => {
    await expect.poll(() => recorded('Ignored')).toEqual(['firing', 'escalated', 'resolved']);
  });
});

describe('firedrill ack', () => {
  it('keeps a page from being escalated, until it is over; the next incident pages and is escalated again', async () => {
    const alert = await fire(stack, pageLabels('Taken'));
    await until('Taken', ['firing']);
    const { stdout, exitCode } = await cli('ack', 'Taken', '--by', 'ada');
    expect(stdout).toMatch(/^Acknowledged by ada: Taken; still firing at [\d-]* ?\d\d:\d\d:\d\d, it pages again\.$/);
    expect(exitCode).toBe(0);
    await fire(stack, pageLabels('Beside'));
    await until('Beside', ['firing', 'escalated']);
    expect(sinceTaken('Taken')).toEqual([]);

    await alert.end();
    await expect.poll(() => sinceTaken('Taken'), patience).toEqual(['resolved']);
    await fire(stack, pageLabels('Taken'));
    await expect.poll(() => sinceTaken('Taken'), patience).toEqual(['resolved', 'firing', 'escalated']);
  });

  it('takes only what has the label it is given, and says so in the status', async () => {
    await fire(stack, { ...pageLabels('Replica'), upstream: 'backend-1' });
    await fire(stack, { ...pageLabels('Replica'), upstream: 'backend-2' });
    await until('Replica', ['firing', 'firing']);
    const { stdout } = await cli('ack', 'Replica', '--matcher', 'upstream=backend-2', '--by', 'ada');
    expect(stdout).toContain('Replica (upstream=backend-2)');
    const status = await cli('status');
    expect(status.stdout).toMatch(/Replica \(upstream=backend-2\) fires since [\d:]+\n {4}acknowledged by ada until/);
    const escalated = () => pagesOf('Replica').filter(({ status }) => status === 'escalated');
    await expect.poll(() => escalated().map(({ labels }) => labels.upstream), patience).toContain('backend-1');
    expect((await cli('status')).stdout).toMatch(
      /Replica \(upstream=backend-1\) fires since [\d:]+\n {4}told: pager-backend, then escalation/,
    );
  });

  it('of somebody else is taken over, and that is said', async () => {
    await fire(stack, pageLabels('Shared'));
    await until('Shared', ['firing']);
    await cli('ack', 'Shared', '--by', 'ada');
    const { stdout } = await cli('ack', 'Shared', '--by', 'bob');
    expect(stdout).toMatch(
      /^Acknowledged by bob: Shared; .*\.\nIt was acknowledged by ada until [\d-]* ?\d\d:\d\d:\d\d\.$/,
    );
  });

  it('says of a ticket that nobody is told again, and of what is silenced that nobody was', async () => {
    await fire(stack, { alertname: 'Leak', severity: 'ticket', team: 'backend' });
    await until('Leak', ['firing']);
    expect((await cli('ack', 'Leak', '--by', 'ada')).stdout).toBe('Acknowledged by ada: Leak.');
    await cli('silence', 'Quiet', '--for', '1h', '--reason', 'a test');
    await fire(stack, pageLabels('Quiet'));
    const silenced = async () => (await firingNow(stack)).some(({ status }) => status.silencedBy.length > 0);
    await expect.poll(silenced).toBe(true);
    const { stderr, exitCode } = await cli('ack', 'Quiet');
    expect(stderr).toBe('alert: nobody was told of Quiet, it is silenced (got "Quiet")');
    expect(exitCode).toBe(2);
    await endSilences();
  });

  it('ends after the time that was typed, which no scale divides: the page is told again', async () => {
    await fire(stack, pageLabels('Asleep'));
    await until('Asleep', ['firing']);
    await cli('ack', 'Asleep', '--for', '4s');
    await expect.poll(() => sinceTaken('Asleep'), patience).toEqual(['firing', 'escalated']);
    const [taken, again] = pagesOf('Asleep').slice(statusesOf('Asleep').indexOf('acknowledged'));
    expect((again?.receivedAtMs ?? 0) - (taken?.receivedAtMs ?? 0)).toBeGreaterThanOrEqual(4000);
  });

  it.each([
    [['Tolld'], 'alert: expected one of Told'],
    [['Told', '--matcher', 'upstream=backend-9'], '--matcher: expected labels of Told (got "upstream=backend-9")'],
    [['Told', '--matcher', 'backend-9'], 'Expected label=value, such as upstream=backend-2.'],
    [['Told', '--for', 'soon'], 'Expected a duration from 1s to 1d, such as 30m.'],
  ])('refuses what it cannot take: %s', async (args, message) => {
    const { stderr, exitCode } = await cli('ack', ...args);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });
});

describe('firedrill silence', () => {
  it('keeps alerts from being told until it is ended, and says which', async () => {
    await fire(stack, pageLabels('Maintained'));
    await until('Maintained', ['firing']);
    const silenced = await cli(
      'silence',
      'Maintained',
      'team=backend',
      '--for',
      '1h',
      '--reason',
      'a new disk',
      '--by',
      'ada',
    );
    expect(silenced.stdout).toContain('It fires now, and nobody is told any more: Maintained.');
    const id = /--end (\S+)/.exec(silenced.stdout)?.[1] ?? '';
    const { stdout } = await cli('silence', '--list');
    expect(stdout).toMatch(new RegExp(`${id} .* ada +alertname=Maintained, team=backend +Maintained +a new disk`));
    expect((await cli('status')).stdout).toContain('silenced: nobody is told');
    const before = statusesOf('Maintained').length;
    await fire(stack, pageLabels('Unsilenced'));
    await until('Unsilenced', ['firing', 'escalated']);
    expect(statusesOf('Maintained')).toHaveLength(before);

    expect((await cli('silence', '--end', id.slice(0, 8))).stdout).toContain(
      'Ended: alertname=Maintained, team=backend.',
    );
    await expect.poll(() => statusesOf('Maintained').slice(before), patience).toEqual(['firing', 'escalated']);
    expect((await cli('silence', '--list')).stdout).toBe('Nothing is silenced.');
  });

  it('says when it keeps nothing quiet that fires now, and takes days', async () => {
    const { stdout } = await cli('silence', 'Later', '--for', '2d', '--reason', 'a\nlong\ttest');
    expect(stdout).toContain('\nNothing that fires now is kept quiet.');
    expect((await cli('silence', '--list')).stdout).toMatch(/alertname=Later +- +a long test$/);
    await endSilences();
  });

  it('says so within seconds when Alertmanager hangs', async () => {
    await using hanging = await startServices(['alertmanager'], { timeScale });
    const directory = ['--state-directory', hanging.directory];
    const pid = hanging.status()[0]?.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    try {
      for (const args of [['--list'], ['--end', '3f0c'], ['Told', '--for', '1m', '--reason', 'r']]) {
        const { stderr, exitCode } = await firedrill(['silence', ...args, ...directory]);
        expect(stderr).toBe('alertmanager does not answer: see "firedrill logs alertmanager".');
        expect(exitCode).toBe(3);
      }
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  });

  it('refuses a name that no alert has: somebody would rely on it', async () => {
    await using watched = await startServices(['alertmanager', 'prometheus'], { timeScale });
    const silence = (name: string) =>
      firedrill(['silence', name, '--for', '1m', '--reason', 'r', '--state-directory', watched.directory]);
    const { stderr, exitCode } = await silence('Targetdown');
    expect(stderr).toMatch(
      /^matchers: no alert has such a name; expected one of .*TargetDown.* \(got "alertname=Targetdown"\)$/,
    );
    expect(exitCode).toBe(2);
    expect(await silence('TargetDown')).toMatchObject({ exitCode: 0 });
  });

  it('hides no end and no next incident, although Alertmanager tells of neither', async () => {
    const alert = await fire(stack, pageLabels('Hidden'));
    await until('Hidden', ['firing']);
    const { stdout } = await cli('silence', 'Hidden', '--for', '1h', '--reason', 'a test');
    await alert.end();
    await expect.poll(() => statusesOf('Hidden').at(-1), patience).toBe('resolved');
    await cli('silence', '--end', /--end (\S+)/.exec(stdout)?.[1] ?? '');
    await fire(stack, pageLabels('Hidden'));
    await expect.poll(() => statusesOf('Hidden').at(-1), patience).toBe('firing');
  });

  it.each([
    [['back-end', '--for', '1h', '--reason', 'r'], 'matchers: expected the name of an alert or label=value'],
    [['--for', '1h', '--reason', 'r'], 'matchers: expected at least one'],
    [['team=~".*"', '--for', '1h', '--reason', 'r'], 'matchers: '],
    [['Told', '--reason', 'r'], '--for: expected a duration'],
    [['Told', '--for', '8h'], '--reason: expected what is being done'],
    [['Told', '--for', '200h', '--reason', 'r'], 'Expected a duration from 1s to 7d'],
    [['--end', 'nothing'], '--end: nothing is silenced (got "nothing")'],
  ])('refuses what makes no sense: %s', async (args, message) => {
    const { stderr, exitCode } = await cli('silence', ...args);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });
});

it('what is inhibited after it was told is taken back when it ends, although Alertmanager does not say so', async () => {
  const warning = await fire(stack, { alertname: 'HighErrorRate', severity: 'warning', team: 'backend' });
  await until('HighErrorRate', ['firing']);
  const page = await fire(stack, pageLabels('EdgeAvailabilityBurnRate'));
  const inhibited = async () => (await firingNow(stack)).some(({ status }) => status.inhibitedBy.length > 0);
  await expect.poll(inhibited).toBe(true);
  expect((await cli('status')).stdout).toContain('inhibited: EdgeAvailabilityBurnRate says it already');
  await warning.end();
  await until('HighErrorRate', ['firing', 'resolved']);
  await page.end();
});

function pageLabels(alertname: string) {
  return { alertname, severity: 'page', team: 'backend' };
}

function pagesOf(alertname: string): readonly Page[] {
  return pages.filter(({ alert }) => alert === alertname);
}

function statusesOf(alertname: string): readonly NotificationStatus[] {
  return pagesOf(alertname).map(({ status }) => status);
}

async function until(alertname: string, statuses: readonly NotificationStatus[]): Promise<void> {
  await expect.poll(() => statusesOf(alertname), patience).toEqual(statuses);
}

/** What was told after the acknowledgement. */
function sinceTaken(alertname: string): readonly NotificationStatus[] {
  return statusesOf(alertname).slice(statusesOf(alertname).indexOf('acknowledged') + 1);
}

function recorded(alertname: string): readonly NotificationStatus[] {
  const lines = readFileSync(join(stack.directory, 'notifications.jsonl'), 'utf8').trim().split('\n');
  return lines.flatMap((line) => {
    const page = JSON.parse(line) as Page;
    return page.alert === alertname ? [page.status] : [];
  });
}

async function endSilences(): Promise<void> {
  const { stdout } = await cli('silence', '--list');
  for (const id of stdout.match(/^[0-9a-f-]{36}/gm) ?? []) await cli('silence', '--end', id);
}

function cli(...args: readonly string[]) {
  const [command = '', ...rest] = args;
  return firedrill([command, ...rest, '--state-directory', stack.directory]);
}
