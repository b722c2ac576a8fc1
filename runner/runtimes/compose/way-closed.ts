import { proxied } from '#catalog/stores.ts';
import { toxiproxyApi } from '#chaos/faults/toxiproxy.ts';

/**
 * Ends a container with the way to it closed meanwhile, where it is a store. Its address is gone a moment before its name: whoever was
 * connected and connects again just then gets no answer, not even a refusal, and waits for one. Between processes the kernel refuses at once.
 */
export async function withWayClosed(toxiproxyUrl: string, name: string, end: () => Promise<void>): Promise<void> {
  if (!proxied.some((store) => store.name === name)) return await end();
  const toxiproxy = toxiproxyApi(toxiproxyUrl);
  const path = `/proxies/${name}`;
  const { enabled } = (await toxiproxy.send('GET', path)) as { readonly enabled: boolean };
  // Somebody has closed it for longer.
  if (!enabled) return await end();
  await toxiproxy.send('POST', path, { enabled: false });
  try {
    await end();
  } finally {
    await toxiproxy.send('POST', path, { enabled: true });
  }
}
