import { describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { AppError } from './errors.ts';
import { FaultPoint } from './fault-point.ts';
import type { Fault, ServiceParts } from './faults/fault.ts';
import { faults } from './faults/registry.ts';
import { createSeams } from './seams.ts';

const data = '/api/backend/data';
const users = '/api/backend/users';

function setUp(options: { errorRatio?: number; faults?: readonly Fault[] } = {}) {
  const clock = new FakeClock();
  const point = new FaultPoint({
    clock,
    instance: 'backend-1',
    apiRoutes: [data, users],
    faults: options.faults ?? faults,
    errorRatio: options.errorRatio ?? 0,
    seed: 'base',
    parts: {} as ServiceParts,
    seams: createSeams(),
  });
  return { clock, point };
}

function order(args: Partial<Record<string, unknown>> = {}, leaseSeconds = 10, seed = 'a') {
  return { fault: 'http-error', args: { ratio: 1, status: 503, routes: [], ...args }, seed, leaseSeconds };
}

function strikes(point: FaultPoint, n: number, route = data): readonly number[] {
  return Array.from({ length: n }, (_, index) => index).filter(() => point.gate?.(route) !== undefined);
}

describe('the fault point', () => {
  it('has no gate while nothing can fail', () => {
    const { point } = setUp();
    expect(point.gate).toBeNull();
    point.inject('f', order());
    expect(point.gate).not.toBeNull();
    point.revert('f');
    expect(point.gate).toBeNull();
  });

  it('draws failures from the error rate, anew whenever that is set, and nothing at 0', () => {
    const { point } = setUp({ errorRatio: 0.15 });
    const draws = () => Array.from({ length: 200 }, () => point.draw?.());
    const first = draws();
    expect(first.filter((mode) => mode !== undefined)).toHaveLength(30);
    point.setErrorRate({ errorRatio: 0.15 });
    expect(draws()).toEqual(first);
    expect(point.errorRate).toEqual({ errorRatio: 0.15 });
    point.setErrorRate({ errorRatio: 0 });
    expect(point.draw).toBeNull();
    expect(point.gate).toBeNull();
  });

  it('fails only the routes of the fault, and counts only those', () => {
    const { point } = setUp();
    point.inject('f', order({ routes: [users], ratio: 0.5 }));
    expect(strikes(point, 10, data)).toHaveLength(0);
    expect(strikes(point, 10, users)).toHaveLength(5);
    expect(point.list()).toMatchObject([{ id: 'f', decided: 10, failed: 5 }]);
  });

  it('fails the same requests again for the same seed', () => {
    const { point } = setUp();
    point.inject('f', order({ ratio: 0.3 }));
    const first = strikes(point, 100);
    point.inject('f', order({ ratio: 0.3 }));
    expect(strikes(point, 100)).toEqual(first);
    point.inject('f', order({ ratio: 0.3 }, 10, 'b'));
    expect(strikes(point, 100)).not.toEqual(first);
  });

  it('shows a request that one fault fails to no other', () => {
    const { point } = setUp();
    point.inject('first', order({ ratio: 0.5 }));
    point.inject('second', order({ ratio: 1, status: 504 }));
    expect(strikes(point, 100)).toHaveLength(100);
    expect(point.list()).toMatchObject([
      { id: 'first', decided: 100, failed: 50 },
      { id: 'second', decided: 50, failed: 50 },
    ]);
  });

  it('reverts a fault by itself when its lease ends', () => {
    const { clock, point } = setUp();
    point.inject('f', order({}, 10));
    clock.advance(9_999);
    expect(strikes(point, 1)).toHaveLength(1);
    clock.advance(1);
    expect(point.gate).toBeNull();
    expect(point.list()).toEqual([]);
  });

  it('fails no request by a lease that ended while the process was stopped', () => {
    const { clock, point } = setUp();
    point.inject('f', order({}, 10));
    const { gate } = point;
    clock.passSilently(10_000);
    expect(gate?.(data)).toBeUndefined();
    expect(point.list()).toEqual([]);
  });

  it('keeps a fault that is renewed, until the new end', () => {
    const { clock, point } = setUp();
    point.inject('f', order({}, 10));
    clock.advance(8_000);
    expect(point.renew('f', 10)).toMatchObject({ id: 'f', expiresAtMs: clock.epochMs() + 10_000 });
    clock.advance(9_999);
    expect(point.list()).toHaveLength(1);
    clock.advance(1);
    expect(point.list()).toEqual([]);
  });

  it('does not renew what has lapsed or was never there', () => {
    const { clock, point } = setUp();
    point.inject('f', order({}, 10));
    clock.passSilently(10_000);
    expect(point.renew('f', 10)).toBeUndefined();
    expect(point.renew('other', 10)).toBeUndefined();
  });

  it('replaces a fault of the same id, whose old lease then ends nothing', () => {
    const { clock, point } = setUp();
    point.inject('f', order({}, 5));
    point.inject('f', order({ status: 504 }, 60));
    clock.advance(5_000);
    expect(point.list()).toMatchObject([{ id: 'f', args: { status: 504 } }]);
  });

  it('reverts once or twice alike, and all at once', () => {
    const { point } = setUp();
    point.inject('a', order());
    point.inject('b', order());
    point.revert('a');
    point.revert('a');
    expect(point.list()).toMatchObject([{ id: 'b' }]);
    point.revertAll();
    point.revertAll();
    expect(point.list()).toEqual([]);
  });

  it('keeps the base error rate when faults end', () => {
    const { point } = setUp({ errorRatio: 1 });
    point.inject('f', order());
    point.revertAll();
    expect(point.draw?.()).toBeDefined();
  });

  it('names the known faults when asked for another', () => {
    const { point } = setUp();
    expect(() => point.inject('f', { ...order(), fault: 'http-eror' })).toThrow(
      expect.objectContaining({
        code: 'VALIDATION_ERROR',
        details: [
          { field: 'fault', value: 'http-eror', expected: `one of ${faults.map(({ name }) => name).join(', ')}` },
        ],
      }),
    );
  });

  it('refuses wrong arguments field by field and leaves what is active alone', () => {
    const { point } = setUp();
    point.inject('f', order());
    expect(() => point.inject('f', order({ ratio: 1.5, status: 200, routes: ['/health'] }))).toThrow(
      expect.objectContaining({
        details: [
          { field: 'args.ratio', value: 1.5, expected: 'a number from 0 to 1' },
          { field: 'args.status', value: 200, expected: 'one of 500, 502, 503, 504' },
          { field: 'args.routes.0', value: '/health', expected: `one of ${data}, ${users}` },
        ],
      }),
    );
    expect(point.list()).toHaveLength(1);
  });

  it('leaves no trace of itself in the stack of an error, nor in that of its cause', () => {
    const { point } = setUp();
    for (const status of [500, 502, 503, 504]) {
      point.inject('f', order({ status }));
      const error = point.gate?.(data) as Error;
      expect(`${error.stack}${(error.cause as Error | undefined)?.stack}`).not.toMatch(
        /fault-point\.ts|http-error\.ts|simulated|chaos|injected/i,
      );
      expect(error.stack).toContain('fault-point.test.ts');
    }
  });

  it('waits for a fault that takes its time, and tells it when it is reverted', async () => {
    let signal: AbortSignal | undefined;
    const { promise, resolve } = Promise.withResolvers<Error | undefined>();
    const slow: Fault = {
      name: 'slow',
      definition: { place: 'service', effect: 'Slow.', targets: [], args: {} },
      arm: (_args, site) => {
        signal = site.signal;
        return { request: { matches: () => true, strike: () => promise } };
      },
    };
    const { point } = setUp({ faults: [slow, ...faults] });
    point.inject('slow', { fault: 'slow', args: {}, seed: 'a', leaseSeconds: 10 });
    point.inject('after', order());
    const struck = point.gate?.(data);
    expect(struck).toBeInstanceOf(Promise);
    resolve(undefined);
    expect(await struck).toBeInstanceOf(AppError);
    point.revert('slow');
    expect(signal?.aborted).toBe(true);
  });
});
