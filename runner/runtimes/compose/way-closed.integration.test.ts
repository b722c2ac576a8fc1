import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toxiproxyApi } from '#chaos/faults/toxiproxy.ts';
import type { OpenStack } from '#runner/stack.ts';
import { startServices } from '#tests/support/native.ts';
import { withWayClosed } from './way-closed.ts';

let stack: OpenStack;
let toxiproxy: ReturnType<typeof toxiproxyApi>;

beforeAll(async () => {
  stack = await startServices(['toxiproxy']);
  toxiproxy = toxiproxyApi(`http://127.0.0.1:${stack.options.ports.toxiproxy}`);
});
beforeEach(() => set(true));
afterAll(() => stack?.[Symbol.asyncDispose]());

describe('the way to what ends', () => {
  it.each([
    ['postgres', false],
    // Nobody comes to it by way of Toxiproxy.
    ['backend-1', true],
  ])('is closed while a store does: %s', async (name, expected) => {
    const seen: boolean[] = [];
    await withWayClosed(toxiproxy.url, name, async () => void seen.push(await isOpen()));
    expect([...seen, await isOpen()]).toEqual([expected, true]);
  });

  it('is open again also when that fails', async () => {
    const failing = withWayClosed(toxiproxy.url, 'postgres', () => Promise.reject(new Error('the engine is away')));
    await expect(failing).rejects.toThrow('the engine is away');
    expect(await isOpen()).toBe(true);
  });

  it('stays closed where somebody else had closed it', async () => {
    await set(false);
    await withWayClosed(toxiproxy.url, 'postgres', async () => undefined);
    expect(await isOpen()).toBe(false);
  });
});

async function isOpen(): Promise<boolean> {
  return ((await toxiproxy.send('GET', '/proxies/postgres')) as { readonly enabled: boolean }).enabled;
}

async function set(enabled: boolean): Promise<void> {
  await toxiproxy.send('POST', '/proxies/postgres', { enabled });
}
