import type { KeeperSite } from '../keeper/kept-fault.ts';
import { toxiproxyApi } from './toxiproxy.ts';

interface Toxic {
  readonly type: string;
  readonly attributes: Readonly<Record<string, number>>;
  readonly stream: 'upstream' | 'downstream';
}

/** Puts a toxic on the way to the target. Its name is that of this fault alone, so that several are there at once. */
export async function addToxic(toxic: Toxic, site: KeeperSite): Promise<void> {
  const { proxy, undo } = await site.infrastructure.proxied(site.target);
  site.onRevert(undo);
  const api = toxiproxyApi(site.infrastructure.toxiproxyUrl);
  const name = `${toxic.type}-${site.id}`;
  site.onRevert(() => api.remove(`/proxies/${proxy}/toxics/${name}`));
  await api.send('POST', `/proxies/${proxy}/toxics`, { ...toxic, name, toxicity: 1 });
}
