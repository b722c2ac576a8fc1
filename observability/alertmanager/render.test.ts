import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderAlertmanager } from './render.ts';

it('every waiting time is divided by the time scale', () => {
  const { route } = parse(renderAlertmanager({ webhookUrl: 'http://127.0.0.1:9099/', timeScale: 60 }));
  expect(route).toMatchObject({ group_wait: '500ms', group_interval: '5s', repeat_interval: '4m' });
});

it('in production they are Alertmanager’s usual ones', () => {
  const { route } = parse(renderAlertmanager({ webhookUrl: 'http://127.0.0.1:9099/', timeScale: 1 }));
  expect(route).toMatchObject({ group_wait: '30s', group_interval: '5m', repeat_interval: '4h' });
});
