import { randomUUID } from 'node:crypto';
import type { Priority } from '../../adapters/queues/message.ts';
import type { FaultSite } from './fault.ts';
import { paced, repeat } from './repeat.ts';

interface Sending {
  readonly type: string;
  readonly count: number;
  readonly perSecond: number;
  readonly priority: string | number;
}

const periodMs = 20;

/** Sends messages until the fault is reverted. `sent` gets the id of each before it leaves: it may be taken although the answer is lost. */
export function sendPaced({ type, count, perSecond, priority }: Sending, site: FaultSite, sent?: Set<string>): void {
  const { queues } = site.parts;
  const due = paced(perSecond, count);
  let number = 0;
  const send = async () => {
    number += 1;
    const id = sent === undefined ? {} : { id: randomUUID() };
    if (id.id !== undefined) sent?.add(id.id);
    const order = { ...id, type, payload: { report_id: number }, priority: priority as Priority };
    // A store that is full or lost takes none: so it would be with anybody's messages.
    await queues.enqueue(order).catch(() => undefined);
  };
  repeat(site, periodMs, (elapsedMs) => {
    for (let left = due(elapsedMs); left > 0; left -= 1) void send();
  });
}
