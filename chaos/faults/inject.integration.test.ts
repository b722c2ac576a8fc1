import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type FaultHolders, injectFault } from './inject.ts';

/** Status of the answer to an order; undefined: none. */
let order: number | undefined;
let revert: number;
let targets: unknown[];
let asked: string[];
let holders: FaultHolders;
const server = createServer(async (request, response) => {
  asked.push(`${request.method} ${request.url}`);
  if (request.method === 'PUT') targets.push(((await json(request)) as { target?: string }).target);
  if (request.method !== 'PUT') response.writeHead(revert).end();
  else if (order !== undefined) response.writeHead(order).end(JSON.stringify({ injectedAtMs: 1, active: [] }));
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const control = (name: string) => ({ name, url: `${url}/${name}`, token: 't' });
  holders = { control, keeper: control('keeper') };
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  [order, revert, asked, targets] = [200, 204, [], []];
});

const inject = (fault: string, target: string, signal = new AbortController().signal) =>
  injectFault(holders, target, 'id', { fault, args: {}, seed: 's', leaseSeconds: 9 }, signal);

it.each([
  ['http-error', 'backend-2', 'backend-2'],
  ['crash', 'backend-2', 'backend-2'],
  ['process-pause', 'backend-2', 'keeper'],
  ['network-latency', 'postgres', 'keeper'],
])('an order of %s on %s that fails is taken back at once, from %s', async (fault, target, holder) => {
  order = 500;
  await expect(inject(fault, target)).rejects.toThrow('500');
  expect(asked).toEqual([`PUT /${holder}/faults/id`, `DELETE /${holder}/faults/id`]);
});

it('an order that is interrupted is taken back, too: it may be in force by then', async () => {
  order = undefined;
  const interrupted = new AbortController();
  const injecting = inject('http-error', 'backend-2', interrupted.signal);
  injecting.catch(() => undefined);
  await expect.poll(() => asked.length).toBe(1);
  interrupted.abort(new Error('enough'));
  await expect(injecting).rejects.toThrow('enough');
  expect(asked.at(-1)).toBe('DELETE /backend-2/faults/id');
});

it('that it cannot be taken back hides nothing', async () => {
  [order, revert] = [503, 500];
  await expect(inject('http-error', 'backend-2')).rejects.toThrow('503');
});

it('only the keeper is told whom it is done to', async () => {
  await inject('http-error', 'backend-2');
  await inject('process-pause', 'backend-2');
  expect(targets).toEqual([undefined, 'backend-2']);
});

it('an order that is carried out is kept', async () => {
  expect(await inject('http-error', 'backend-2')).toMatchObject({ injectedAtMs: 1 });
  expect(asked).toEqual(['PUT /backend-2/faults/id']);
});
