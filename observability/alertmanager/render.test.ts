import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderAlertmanager } from './render.ts';

const webhookUrl = 'http://127.0.0.1:9099/';

it.each([
  [1, { group_wait: '30s', group_interval: '1m', repeat_interval: '5m' }],
  [60, { group_wait: '500ms', group_interval: '1s', repeat_interval: '5s' }],
])('every waiting time is divided by the time scale: %d', (timeScale, pager) => {
  const { route } = parse(renderAlertmanager({ webhookUrl, timeScale, slos: [] }));
  expect(route.routes[0]).toMatchObject({ receiver: 'pager-platform', ...pager });
});

it('tickets wait until the page that says the same has come', () => {
  const { route } = parse(renderAlertmanager({ webhookUrl, timeScale: 1, slos: [] }));
  expect(route).toMatchObject({ receiver: 'tickets-platform', group_wait: '5m' });
});

it('a page keeps only the ticket of its own budget silent', () => {
  const sli = { counts: 'bad', events: ['a'], total: ['b'] } as const;
  const slos = [
    { name: 'one', groupBy: ['upstream'], sli },
    { name: 'two', groupBy: ['upstream', 'queue'], sli },
  ];
  const { inhibit_rules } = parse(renderAlertmanager({ webhookUrl, timeScale: 1, slos }));
  expect(inhibit_rules[0].equal).toEqual(['sloth_id', 'queue', 'upstream']);
});
