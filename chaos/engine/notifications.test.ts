import { expect, it } from 'vitest';
import { fakeStack } from '../testing/fake-stack.ts';
import { recordNotification } from './notifications.ts';
import type { NotificationStatus } from './target.ts';

const page = { alert: 'Page', subject: 'backend-2', severity: 'page', channel: 'pager', receivers: [] } as const;

it('is what was told once the stack was proven to be well, and set apart what was told before', () => {
  const { ledger } = fakeStack();
  const tell = (status: NotificationStatus, receivedAtMs: number) =>
    recordNotification(ledger, { ...page, status, receivedAtMs });
  tell('firing', 1);
  tell('escalated', 2);
  tell('resolved', 3);
  ledger.append({ event: 'steady-state', phase: 'before', held: false });
  tell('firing', 4);
  ledger.append({ event: 'steady-state', phase: 'before', held: true });
  for (const [index, status] of (['firing', 'escalated', 'acknowledged', 'resolved'] as const).entries()) {
    tell(status, 5 + index);
  }

  const told = ledger.entries.filter(({ event }) => event !== 'steady-state');
  expect(told.map(({ event, atMs, source }) => [event, atMs, source])).toEqual([
    ['unsettled', 1, 'alertmanager webhook'],
    ['unsettled', 4, 'alertmanager webhook'],
    ['notified', 5, 'alertmanager webhook'],
    ['escalated', 6, 'pager'],
    ['acknowledged', 7, 'pager'],
    ['resolved', 8, 'alertmanager webhook'],
  ]);
  expect(told[0]).toMatchObject({ alert: 'Page', subject: 'backend-2', severity: 'page' });
  expect(told[2]).toMatchObject({ alert: 'Page', subject: 'backend-2', severity: 'page', channel: 'pager' });
});
