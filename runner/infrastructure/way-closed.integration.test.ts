import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenStack } from '#runner/stack.ts';
import { startServices } from '#tests/support/native.ts';
import { createInfrastructure } from './infrastructure.ts';

let stack: OpenStack;

beforeAll(async () => {
  stack = await startServices(['valkey', 'toxiproxy']);
});
afterAll(() => stack?.[Symbol.asyncDispose]());

describe('the way to what ends', () => {
  it.each([
    ['a store that loses its address', 'valkey', true, false],
    ['a store that keeps it', 'valkey', false, true],
    ['nobody comes to by way of Toxiproxy', 'toxiproxy', true, true],
  ])('is open or not while it ends: %s', async (_, name, addressesEnd, open) => {
    const { infrastructure, seen } = watched(addressesEnd);
    await infrastructure.restart(name);
    await (await infrastructure.hold(name, 'stopped'))();
    expect([...seen, await isOpen()]).toEqual([open, open, true]);
  });

  it('is open again also when that fails', async () => {
    const { infrastructure } = watched(true, () => Promise.reject(new Error('the engine is away')));
    await expect(infrastructure.restart('valkey')).rejects.toThrow('the engine is away');
    expect(await isOpen()).toBe(true);
  });

  it('stays closed where a fault has closed it', async () => {
    const { infrastructure } = watched(true);
    const end = await infrastructure.closeProxy('valkey');
    await infrastructure.restart('valkey');
    expect(await isOpen()).toBe(false);
    await end();
    expect(await isOpen()).toBe(true);
  });
});

/** Nothing ends: it is only seen whether it could be reached meanwhile. */
function watched(addressesEnd: boolean, ends = async (): Promise<void> => undefined) {
  const seen: boolean[] = [];
  const look = async (): Promise<void> => {
    seen.push(await isOpen());
    await ends();
  };
  const actions = { ...stack.actions, addressesEnd, stop: look, restart: look, start: async () => undefined };
  return { infrastructure: createInfrastructure({ ...stack, actions }), seen };
}

async function isOpen(): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${stack.options.ports.toxiproxy}/proxies/valkey`);
  return ((await response.json()) as { readonly enabled: boolean }).enabled;
}
