import { infrastructureFaults } from '#catalog/faults/infrastructure.ts';
import type { KeeperSite, KeptFault, Undo } from '../keeper/kept-fault.ts';

const definition = infrastructureFaults.flapping;

export const flapping: KeptFault<typeof definition> = {
  name: 'flapping',
  definition,
  async inject({ downSeconds, upSeconds }, site) {
    const { target, infrastructure, onRevert } = site;
    let back: Undo = await infrastructure.hold(target, 'gone');
    onRevert(() => back());
    const over = keepFlapping(site, downSeconds, upSeconds, async (wanted) => {
      if (wanted === 'up') await back();
      else back = await infrastructure.hold(target, 'gone');
    });
    // First of all, so that nobody takes it down again.
    onRevert(() => over);
  },
};

/** Resolves when the fault is to end, and nothing is under way. */
async function keepFlapping(
  { clock, signal, infrastructure, target }: KeeperSite,
  downSeconds: number,
  upSeconds: number,
  make: (wanted: 'up' | 'down') => Promise<void>,
): Promise<void> {
  const pause = (seconds: number) => clock.sleep(1000 * seconds, signal).catch(() => undefined);
  while (!signal.aborted) {
    await pause(downSeconds);
    if (signal.aborted) return;
    // What could not be done this time is done the next.
    await make('up').catch(() => undefined);
    await infrastructure.untilReady(target, signal).catch(() => undefined);
    await pause(upSeconds);
    if (!signal.aborted) await make('down').catch(() => undefined);
  }
}
