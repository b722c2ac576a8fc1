import { describe, expect, it } from 'vitest';
import type { Channel } from '#catalog/alerting.ts';
import type { Incidents } from './incident.ts';
import { acknowledge, type Change, type DeliveredAlert, deliver, look, pass } from './incidents.ts';

const none: Incidents = new Map();
const patience = { escalationMs: 900, reminderMs: 1800, escalationReceiver: 'escalation' };
const tellingMs = () => 100;
const seenA = [{ fingerprint: 'a', muted: false }];

describe('a page', () => {
  it('is told once, however often Alertmanager repeats it', () => {
    const first = page(none, { at: 0 });
    const again = page(first.incidents, { at: 5 });
    expect(told(first)).toEqual(['firing to pager-backend']);
    expect(told(again)).toEqual([]);
  });

  it('is told to the next receiver when nobody has acknowledged it for as long as is bearable, and not before', () => {
    const { incidents } = page(none, { at: 0 });
    expect(told(pass(incidents, patience, 899))).toEqual([]);
    const escalated = pass(incidents, patience, 900);
    expect(told(escalated)).toEqual(['escalated to pager-backend, escalation']);
    expect(told(pass(escalated.incidents, patience, 901))).toEqual([]);
  });

  it('is told again, to everybody who knows of it, while nobody acknowledges it', () => {
    const escalated = pass(page(none, { at: 0 }).incidents, patience, 900);
    const reminded = pass(escalated.incidents, patience, 2700);
    expect(told(reminded)).toEqual(['firing to pager-backend, escalation']);
    expect(told(pass(reminded.incidents, patience, 4499))).toEqual([]);
  });

  it('is taken back for everybody who was told', () => {
    const escalated = pass(page(none, { at: 0 }).incidents, patience, 900);
    const over = page(escalated.incidents, { at: 950, status: 'resolved' });
    expect(told(over)).toEqual(['resolved to pager-backend, escalation']);
    expect(over.incidents.size).toBe(0);
  });

  it('that was not told is not taken back', () => {
    expect(told(page(none, { at: 0, status: 'resolved' }))).toEqual([]);
  });
});

describe('an acknowledged page', () => {
  const taken = acknowledge(page(none, { at: 0 }).incidents, () => true, { by: 'ada', atMs: 10, untilMs: 5000 });

  it('is neither escalated nor told again', () => {
    expect(told(taken)).toEqual(['acknowledged to pager-backend']);
    expect(told(pass(taken.incidents, patience, 4999))).toEqual([]);
  });

  it('is taken back like any other', () => {
    expect(told(page(taken.incidents, { at: 50, status: 'resolved' }))).toEqual(['resolved to pager-backend']);
  });

  it('pages anew when the acknowledgement ends, and waits for somebody from then on', () => {
    const again = pass(taken.incidents, patience, 5000);
    expect(told(again)).toEqual(['firing to pager-backend']);
    expect(told(pass(again.incidents, patience, 5899))).toEqual([]);
    expect(told(pass(again.incidents, patience, 5900))).toEqual(['escalated to pager-backend, escalation']);
  });

  it('does not keep the next incident of the same alert quiet', () => {
    const over = page(taken.incidents, { at: 50, status: 'resolved' });
    const next = page(over.incidents, { at: 60, startsAtMs: 55 });
    expect(told(next)).toEqual(['firing to pager-backend']);
    expect(told(pass(next.incidents, patience, 960))).toEqual(['escalated to pager-backend, escalation']);
  });

  it('does not speak for another alert of the same group', () => {
    const second = page(taken.incidents, { at: 20, fingerprint: 'b' });
    expect(told(second)).toEqual(['firing to pager-backend']);
  });
});

describe('an alert whose end nobody told, because it was muted', () => {
  const open = page(none, { at: 0 }).incidents;

  it('is over once Alertmanager does not know it for longer than it takes to tell', () => {
    const missing = look(open, [], tellingMs, 50);
    expect(told(missing)).toEqual([]);
    expect(told(look(missing.incidents, [], tellingMs, 149))).toEqual([]);
    expect(told(look(missing.incidents, [], tellingMs, 150))).toEqual(['resolved to pager-backend']);
  });

  it('is not over when it is back in time', () => {
    const missing = look(open, [], tellingMs, 50);
    const back = look(missing.incidents, [{ fingerprint: 'a', muted: false }], tellingMs, 100);
    expect(told(look(back.incidents, [], tellingMs, 160))).toEqual([]);
  });

  it('is not escalated while it is missing', () => {
    const missing = look(open, [], tellingMs, 850);
    expect(told(pass(missing.incidents, patience, 900))).toEqual([]);
  });

  it('is taken back before its next incident is told', () => {
    const next = page(open, { at: 500, startsAtMs: 400 });
    expect(told(next)).toEqual(['resolved to pager-backend', 'firing to pager-backend']);
    expect(told(pass(next.incidents, patience, 950))).toEqual([]);
  });

  it('is not opened again by a notification that comes late', () => {
    const next = page(open, { at: 500, startsAtMs: 400 });
    expect(told(page(next.incidents, { at: 501, status: 'resolved', startsAtMs: 0 }))).toEqual([]);
  });
});

it('a look at a page that still fires, and was not silenced, tells nobody anything', () => {
  const seen = look(page(none, { at: 0 }).incidents, seenA, tellingMs, 10);
  expect(told(seen)).toEqual([]);
  expect(told(look(seen.incidents, seenA, tellingMs, 20))).toEqual([]);
});

describe('a silenced page', () => {
  const silenced = look(page(none, { at: 0 }).incidents, [{ fingerprint: 'a', muted: true }], tellingMs, 10).incidents;

  it('is neither escalated nor told again', () => {
    expect(told(pass(silenced, patience, 10_000))).toEqual([]);
  });

  it('pages anew when the silence ends and it still fires', () => {
    const again = look(silenced, [{ fingerprint: 'a', muted: false }], tellingMs, 10_000);
    expect(told(again)).toEqual(['firing to pager-backend']);
    expect(told(pass(again.incidents, patience, 10_899))).toEqual([]);
    expect(told(pass(again.incidents, patience, 10_900))).toEqual(['escalated to pager-backend, escalation']);
  });
});

describe('a page that is acknowledged and silenced', () => {
  const taken = acknowledge(page(none, { at: 0 }).incidents, () => true, { by: 'ada', atMs: 10, untilMs: 5000 });
  const silenced = look(taken.incidents, [{ fingerprint: 'a', muted: true }], tellingMs, 20).incidents;

  it('is not told when the acknowledgement ends first, but when the silence does', () => {
    expect(told(pass(silenced, patience, 6000))).toEqual([]);
    const unmuted = look(silenced, seenA, tellingMs, 6001);
    expect(told(pass(unmuted.incidents, patience, 6001))).toEqual(['firing to pager-backend']);
  });

  it('stays acknowledged when the silence ends first', () => {
    const unmuted = look(silenced, seenA, tellingMs, 3000);
    expect(told(unmuted)).toEqual([]);
    expect(told(pass(unmuted.incidents, patience, 4999))).toEqual([]);
  });
});

it.each(['tickets', 'log'] as const)('what goes to %s is never escalated, and told once', (channel) => {
  const { incidents } = page(none, { at: 0, channel });
  expect(told(pass(incidents, patience, 1_000_000))).toEqual([]);
  const unmuted = look(
    look(incidents, [{ fingerprint: 'a', muted: true }], tellingMs, 10).incidents,
    seenA,
    tellingMs,
    20,
  );
  expect(told(unmuted)).toEqual([]);
});

interface Given extends Partial<DeliveredAlert> {
  readonly at: number;
  readonly channel?: Channel;
}

function page(incidents: Incidents, { at, channel = 'pager', ...alert }: Given): Change {
  const usual = { status: 'firing', fingerprint: 'a', startsAtMs: 0, labels: { alertname: 'A' }, runbook: '' } as const;
  return deliver(incidents, { receiver: `${channel}-backend`, channel, alerts: [{ ...usual, ...alert }] }, at);
}

function told(change: Change): readonly string[] {
  return change.told.map(({ status, incident }) => `${status} to ${incident.receivers.join(', ')}`);
}
