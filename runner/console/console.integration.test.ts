import express from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OperationEvent } from '#chaos/engine/target.ts';
import { controlClient } from '#chaos/faults/control-client.ts';
import { RunnerError } from '../errors.ts';
import { consoleClient } from './client.ts';
import { type Console, type Operate, openConsole } from './console.ts';

const { signal } = new AbortController();

describe('the console', () => {
  let console: Console;
  let told: OperationEvent[];
  let operate: Operate;

  beforeEach(async () => {
    told = [];
    operate = async () => 'Done.';
    const faults = express.Router().get('/faults', (_request, response) => void response.json({ active: [] }));
    console = await openConsole({ operate: (...order) => operate(...order), faults });
    console.onOperation((event) => told.push(event));
  });
  afterEach(() => console[Symbol.asyncDispose]());

  it('has something done, tells how far it is, and keeps a record of it', async () => {
    operate = async ({ name, targets }, { report }) => {
      report('half of it');
      return `Did ${name} to ${targets}.`;
    };
    const reports: string[] = [];
    const done = client().operate(restart, (text) => reports.push(text), signal);
    expect(await done).toBe('Did restart to backend-2.');
    expect(reports).toEqual(['half of it']);
    expect(told).toEqual([{ event: 'operation', ...restart, ok: true, startedAtMs: expect.any(Number) }]);
  });

  it('says as it was said why something cannot be done', async () => {
    operate = async () => {
      throw new RunnerError('USAGE', 'targets: expected backend-1 (got "nginx")');
    };
    const refused = await client()
      .operate(restart, () => undefined, signal)
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'USAGE', message: 'targets: expected backend-1 (got "nginx")' });
    expect(told).toMatchObject([{ ok: false, problem: 'targets: expected backend-1 (got "nginx")' }]);
  });

  it('interrupts what nobody waits for any more', async () => {
    const interrupted = Promise.withResolvers<void>();
    operate = (_order, { report, signal }) => {
      signal.addEventListener('abort', () => interrupted.resolve());
      report('begun');
      return new Promise(() => undefined);
    };
    const impatient = new AbortController();
    const waiting = client().operate(restart, () => impatient.abort(), impatient.signal);
    await expect(waiting).rejects.toThrow();
    await interrupted.promise;
  });

  it.each([
    ['POST', '/operations'],
    ['GET', '/drill/hint'],
    ['GET', '/faults'],
  ])('does not answer %s %s without its token', async (method, path) => {
    console.serve('/drill', express.Router());
    for (const token of ['', console.keeper.token.replace(/./, 'x')]) {
      const response = await fetch(`${console.url}${path}`, { method, headers: { authorization: `Bearer ${token}` } });
      expect(response.status).toBe(401);
    }
  });

  it('keeps an operator from faults, and whoever may touch faults from operations', async () => {
    expect(await client().ask('GET', '/faults')).toMatchObject({ status: 401 });
    const { status } = await fetch(`${console.url}/operations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${console.controlToken}` },
    });
    expect(status).toBe(401);
  });

  it('tells of calls to the faults by hand, whether or not they are let in, and not of its own', async () => {
    expect(await controlClient(console.keeper, signal).active()).toEqual([]);
    expect(told).toEqual([]);
    expect(await controlClient({ ...console.keeper, token: console.controlToken }, signal).active()).toEqual([]);
    await client().ask('GET', '/faults');
    expect(told).toEqual([
      { event: 'control-access', method: 'GET', admitted: true },
      { event: 'control-access', method: 'GET', admitted: false },
    ]);
  });

  it('serves the routes of a drill for as long as there is one', async () => {
    const routes = express.Router().post('/answer', (request, response) => void response.json(request.body));
    const end = console.serve('/drill', routes);
    expect(await client().ask('POST', '/drill/answer', { a: 1 })).toEqual({ status: 200, body: { a: 1 } });
    end();
    expect(await client().ask('POST', '/drill/answer', { a: 1 })).toMatchObject({ status: 404 });
  });

  const client = () => consoleClient(console);
});

const restart = { name: 'restart', targets: ['backend-2'] };
