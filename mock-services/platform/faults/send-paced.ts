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

/** Sends messages until the fault is reverted; the ids of those that were taken, as they are. */
export function sendPaced({ type, count, perSecond, priority }: Sending, site: FaultSite): Set<string> {
  const { queues } = site.parts;
  const sent = new Set<string>();
  const due = paced(perSecond, count);
  let number = 0;
  const send = async () => {
    number += 1;
    const order = { type, payload: { report_id: number }, priority: priority as Priority };
    // A store that is full or lost takes none: so it would be with anybody's messages.
    await queues.enqueue(order).then(
      ({ id }) => sent.add(id),
      () => undefined,
    );
  };
  repeat(site, periodMs, (elapsedMs) => {
    for (let left = due(elapsedMs); left > 0; left -= 1) void send();
  });
  return sent;
}
