import { describe, expect, it } from 'vitest';
import { isOrderedAgain } from '#catalog/faults/argument.ts';
import { faults } from '#catalog/faults/faults.ts';
import { injectAcrossProcesses } from './inject-across-processes.ts';
import type { Injected } from './injected.ts';

/** A process that can end, and that is told of a fault again or not. */
function service() {
  const state = { orders: 0, active: false, reachable: true, reverts: 0, trouble: undefined as Error | undefined };
  const reach = () => {
    if (!state.reachable) throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
    if (state.trouble !== undefined) throw state.trouble;
  };
  const inject = async (): Promise<Injected> => {
    reach();
    state.orders += 1;
    state.active = true;
    return {
      injectedAtMs: state.orders,
      source: 'test',
      isActive: async () => state.active,
      async renew() {
        reach();
        return state.active;
      },
      async revert() {
        reach();
        state.reverts += 1;
        state.active = false;
      },
    };
  };
  return { state, inject };
}

describe('a fault that ends its process', () => {
  it('is ordered again when the process is back, and is told as what it was at first', async () => {
    const { state, inject } = service();
    const injected = await injectAcrossProcesses(inject, true);
    expect(await injected.renew()).toBe(true);
    expect(state.orders).toBe(1);
    Object.assign(state, { active: false, reachable: false });
    await expect(injected.renew()).rejects.toThrow();
    state.reachable = true;
    expect(await injected.renew()).toBe(true);
    expect(state).toMatchObject({ orders: 2, active: true });
    expect(injected.injectedAtMs).toBe(1);
    await injected.revert();
    expect(state.active).toBe(false);
  });

  it('is not ordered again when it happens once, and is none the less what was asked for', async () => {
    const { state, inject } = service();
    const injected = await injectAcrossProcesses(inject, false);
    state.active = false;
    expect(await injected.renew()).toBe(true);
    expect(state.orders).toBe(1);
    expect(await injected.isActive()).toBe(true);
  });

  it('is reverted where nobody answers, and not where somebody answers with an error', async () => {
    const { state, inject } = service();
    const injected = await injectAcrossProcesses(inject, true);
    state.reachable = false;
    await injected.revert();
    Object.assign(state, { reachable: true, trouble: new Error('answered 500') });
    await expect(injected.revert()).rejects.toThrow('answered 500');
  });

  it('is not left behind by a renewal that was under way, and not ordered after it was reverted', async () => {
    const { state, inject } = service();
    const injected = await injectAcrossProcesses(inject, true);
    state.active = false;
    const renewal = injected.renew();
    await injected.revert();
    await renewal;
    expect(state.active).toBe(false);
    const { orders } = state;
    await injected.renew();
    expect(state.orders).toBe(orders);
  });

  it('is not left behind by an order that was under way', async () => {
    const { state, inject } = service();
    const { promise: delivered, resolve: deliver } = Promise.withResolvers<void>();
    let late = false;
    const injected = await injectAcrossProcesses(async () => {
      if (late) await delivered;
      return await inject();
    }, true);
    Object.assign(state, { active: false });
    late = true;
    const renewal = injected.renew();
    // The renewal has been refused, and the next order is on its way.
    await new Promise(setImmediate);
    const reverted = injected.revert();
    deliver();
    await Promise.all([renewal, reverted]);
    expect(state).toMatchObject({ orders: 2, active: false });
  });

  it.each([
    ['crash', { everySeconds: 0 }, false],
    ['crash', { everySeconds: 2 }, true],
    ['memory-leak', {}, true],
    ['http-error', {}, false],
  ] as const)('that is %s with %j goes on: %j', (name, args, expected) => {
    expect(isOrderedAgain(faults[name], args)).toBe(expected);
  });
});
