import { randomBytes } from 'node:crypto';
import type { Toxic } from '../keeper/infrastructure.ts';
import type { KeeperSite } from '../keeper/kept-fault.ts';

/** Puts a toxic on the way to the target. Its name says nothing: whoever asks Toxiproxy reads there no name of a fault, and no id. */
export async function addToxic(toxic: Omit<Toxic, 'name'>, site: KeeperSite): Promise<void> {
  const { proxy, undo } = await site.infrastructure.proxied(site.target);
  site.onRevert(undo);
  site.onRevert(await site.infrastructure.addToxic(proxy, { ...toxic, name: randomBytes(8).toString('hex') }));
}
