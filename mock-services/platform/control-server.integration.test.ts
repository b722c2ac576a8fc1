import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readError } from '../testing/answers.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { type ControlServer, createControlServer } from './control-server.ts';
import { FaultPoint } from './fault-point.ts';
import type { ServiceParts } from './faults/fault.ts';
import { faults } from './faults/registry.ts';
import { createSeams } from './seams.ts';

const token = 'a token for tests only';
const order = { fault: 'http-error', args: { ratio: 1, status: 503, routes: [] }, seed: 'a', leaseSeconds: 10 };

let clock: FakeClock;
let faultPoint: FaultPoint;
let server: ControlServer;
let url: string;

beforeEach(async () => {
  clock = new FakeClock();
  faultPoint = new FaultPoint({
    clock,
    instance: 'backend-1',
    apiRoutes: ['/api/backend/data'],
    faults,
    errorRatio: 0,
    seed: 'a',
    parts: {} as ServiceParts,
    seams: createSeams(),
  });
  server = createControlServer({ faultPoint, clock, token });
  url = `http://127.0.0.1:${(await server.listen(0, '127.0.0.1')).port}`;
});

afterEach(() => server.close());

function call(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

describe('the control port', () => {
  it.each([[undefined], ['Bearer wrong'], [`Basic ${token}`], [token], ['']])(
    'answers 401 to the authorization %j, whatever is asked',
    async (authorization) => {
      for (const [method, path] of [
        ['GET', '/faults'],
        ['PUT', '/error-rate'],
        ['DELETE', '/faults'],
        ['GET', '/nope'],
      ] as const) {
        const response = await fetch(`${url}${path}`, {
          method,
          headers: authorization === undefined ? {} : { authorization },
        });
        expect(response.status).toBe(401);
        expect((await readError(response)).error.code).toBe('UNAUTHENTICATED');
      }
    },
  );

  it('injects, lists, renews and reverts a fault', async () => {
    const injected = await call('PUT', '/faults/f', order);
    expect(injected.status).toBe(200);
    const active = {
      id: 'f',
      ...order,
      args: expect.objectContaining(order.args),
      injectedAtMs: clock.epochMs(),
      expiresAtMs: clock.epochMs() + 10_000,
      decided: 0,
      failed: 0,
    };
    expect(await injected.json()).toEqual(active);
    expect(await (await call('GET', '/faults')).json()).toEqual({ active: [active] });

    clock.advance(5_000);
    const renewed = await call('POST', '/faults/f/renew', { leaseSeconds: 20 });
    expect(renewed.status).toBe(200);
    expect(await renewed.json()).toEqual({ ...active, expiresAtMs: clock.epochMs() + 20_000 });

    expect((await call('DELETE', '/faults/f')).status).toBe(204);
    expect((await call('DELETE', '/faults/f')).status).toBe(204);
    expect(faultPoint.list()).toEqual([]);
  });

  it('answers 404 to the renewal of a fault that has lapsed', async () => {
    await call('PUT', '/faults/f', order);
    clock.advance(10_000);
    const response = await call('POST', '/faults/f/renew', { leaseSeconds: 20 });
    expect(response.status).toBe(404);
    expect((await readError(response)).error.code).toBe('NOT_FOUND');
  });

  it('ends all faults at once', async () => {
    await call('PUT', '/faults/a', order);
    await call('PUT', '/faults/b', order);
    expect((await call('DELETE', '/faults')).status).toBe(204);
    expect(faultPoint.list()).toEqual([]);
  });

  it('counts calls of everybody who is let in but the one who said so', async () => {
    const caller = 'c'.repeat(16);
    const as = (headers: Record<string, string>) =>
      fetch(`${url}/callers`, { headers: { authorization: `Bearer ${token}`, ...headers } });
    expect(await (await as({})).json()).toEqual({ strangers: null });
    expect((await call('PUT', '/callers', { caller })).status).toBe(204);
    expect(await (await as({ 'x-caller': caller })).json()).toEqual({ strangers: 0 });
    await call('GET', '/faults');
    await fetch(`${url}/faults`);
    expect(await (await as({ 'x-caller': caller })).json()).toEqual({ strangers: 1 });
  });

  it('tells of a call of somebody else at once, and of none as long as there is none', async () => {
    const caller = 'd'.repeat(16);
    const as = (path: string) =>
      fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}`, 'x-caller': caller } });
    expect((await call('PUT', '/callers', { caller })).status).toBe(204);
    let told: unknown;
    const waiting = as('/callers?beyond=0').then(async (response) => {
      told = await response.json();
    });
    expect(await (await as('/callers')).json()).toEqual({ strangers: 0 });
    expect(told).toBeUndefined();
    await call('GET', '/faults');
    await waiting;
    expect(told).toEqual({ strangers: 1 });
    expect(await (await as('/callers?beyond=0')).json()).toEqual({ strangers: 1 });
  });

  it('sets the error rate', async () => {
    const response = await call('PUT', '/error-rate', { errorRatio: 0.25 });
    expect(await response.json()).toEqual({ errorRatio: 0.25 });
    expect(await (await call('GET', '/error-rate')).json()).toEqual({ errorRatio: 0.25 });
  });

  it.each([
    [
      'PUT',
      '/faults/f',
      { ...order, fault: 'nope' },
      'fault',
      'nope',
      `one of ${faults.map(({ name }) => name).join(', ')}`,
    ],
    [
      'PUT',
      '/faults/f',
      { ...order, leaseSeconds: 0 },
      'leaseSeconds',
      0,
      'a number of seconds above 0, at most 86400',
    ],
    ['PUT', '/faults/f', { ...order, args: { ...order.args, ratio: 2 } }, 'args.ratio', 2, 'a number from 0 to 1'],
    ['PUT', '/faults/f', { ...order, args: { ...order.args, rate: 2 } }, 'args.rate', 2, 'no such field'],
    ['PUT', '/faults/f', { ...order, args: 7 }, 'args', 7, 'an object'],
    ['POST', '/faults/f/renew', {}, 'leaseSeconds', null, 'a number of seconds above 0, at most 86400'],
    ['PUT', '/error-rate', { errorRatio: '0.1' }, 'errorRatio', '0.1', 'a number from 0 to 1'],
    ['GET', '/callers?beyond=-1', undefined, 'beyond', '-1', 'a whole number from 0'],
    ['GET', '/callers?beyond=one', undefined, 'beyond', 'one', 'a whole number from 0'],
  ])('answers %s %s with what is wrong with %j', async (method, path, body, field, value, expected) => {
    const response = await call(method, path, body);
    expect(response.status).toBe(400);
    expect((await readError(response)).error).toMatchObject({
      code: 'VALIDATION_ERROR',
      details: [{ field, value, expected }],
    });
  });

  it.each([['{'], ['[]'], ['7'], ['']])('answers 400 to the body %j', async (body) => {
    expect((await call('PUT', '/faults/f', body)).status).toBe(400);
  });

  it('answers 404 in the error format to anything else', async () => {
    const response = await call('GET', '/metrics');
    expect(response.status).toBe(404);
    expect((await readError(response)).error.code).toBe('NOT_FOUND');
  });
});
