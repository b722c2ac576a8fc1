import { processFaults } from '#catalog/faults/process.ts';
import type { Queues } from '../../adapters/queues/queues.ts';
import { pause } from '../clock.ts';
import type { Fault, FaultSite } from './fault.ts';
import { sendPaced } from './send-paced.ts';

const definition = processFaults['poison-message'];

/** A sender that pads its text with U+0000, which is text in JavaScript and none in PostgreSQL: no attempt at it can succeed. */
const type = 'report.requested\u0000';

export const poisonMessage: Fault<typeof definition> = {
  name: 'poison-message',
  definition,
  arm(args, site) {
    const sent = new Set<string>();
    sendPaced({ ...args, type }, site, sent);
    site.signal.addEventListener('abort', () => void takeBack(sent, site), { once: true });
    return undefined;
  },
};

/** All attempts at a message, and the pauses between them, take less. */
const triedForSeconds = 20;

/** Throws away what was given up; what is still to be tried is waited for, as it cannot end otherwise. */
async function takeBack(sent: Set<string>, { clock, parts: { queues } }: FaultSite): Promise<void> {
  for (let second = 0; sent.size > 0 && second < triedForSeconds; second += 1) {
    if (second > 0) await pause(clock, 1_000);
    await Promise.all([...sent].map((id) => purge(queues, id, sent)));
  }
}

/** A store that is lost for a moment is asked again. */
async function purge(queues: Queues, id: string, sent: Set<string>): Promise<void> {
  if (await queues.purge(id).catch(() => false)) sent.delete(id);
}
