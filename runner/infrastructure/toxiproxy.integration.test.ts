import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Toxiproxy, toxiproxyApi } from './toxiproxy.ts';

/** What `/proxies` says; every write adds its path to it. */
let state: string[];
let statuses: Record<string, number>;
let toxiproxy: Toxiproxy;
let url: string;
const server = createServer((request, response) => {
  const path = request.url ?? '';
  const status = statuses[path] ?? 200;
  if (request.method !== 'GET' && status === 200) state.push(path);
  response.writeHead(status).end(JSON.stringify(state));
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(() => void server.close());
beforeEach(() => {
  [state, statuses, toxiproxy] = [[], {}, toxiproxyApi(url)];
});

it('does not take itself for somebody else, however much it does at once', async () => {
  await toxiproxy.strangers();
  const all = ['/a', '/b', '/c'].map((path) => toxiproxy.send('POST', path));
  const meanwhile = toxiproxy.strangers();
  await Promise.all(all);
  expect([await meanwhile, await toxiproxy.strangers()]).toEqual([0, 0]);
  expect(state).toEqual(['/a', '/b', '/c']);
});

it('notices each change of somebody else once', async () => {
  await toxiproxy.send('POST', '/ours');
  state = [];
  expect([await toxiproxy.strangers(), await toxiproxy.strangers()]).toEqual([1, 1]);
  state = ['/theirs'];
  expect(await toxiproxy.strangers()).toBe(2);
});

it('notices it also where it does something itself before anybody asks', async () => {
  await toxiproxy.send('POST', '/ours');
  state = [];
  await toxiproxy.send('POST', '/next');
  expect(await toxiproxy.strangers()).toBe(1);
});

it('counts nothing that was there before it looked for the first time', async () => {
  state = ['/early'];
  expect(await toxiproxy.strangers()).toBe(0);
});

it('says what went wrong, unless that is fine, and is not a stranger for it', async () => {
  statuses = { '/gone': 404 };
  await toxiproxy.strangers();
  await expect(toxiproxy.send('DELETE', '/gone')).rejects.toThrow('Toxiproxy answered DELETE /gone with 404');
  await toxiproxy.send('DELETE', '/gone', undefined, 404);
  expect(await toxiproxy.strangers()).toBe(0);
});

it('does not know who has changed what while it could not be asked', async () => {
  await toxiproxy.send('POST', '/ours');
  statuses = { '/proxies': 503 };
  await expect(toxiproxy.strangers()).rejects.toThrow('503');
  await toxiproxy.send('POST', '/next');
  statuses = {};
  expect(await toxiproxy.strangers()).toBe(0);
});
