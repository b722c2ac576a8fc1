import { processFaults } from '#catalog/faults/process.ts';
import type { Fault } from './fault.ts';
import { sendPaced } from './send-paced.ts';

const definition = processFaults['queue-flood'];

/** What was sent stays when it is reverted: the consumers work it off. */
export const queueFlood: Fault<typeof definition> = {
  name: 'queue-flood',
  definition,
  arm(args, site) {
    sendPaced({ ...args, type: 'report.requested' }, site);
    return undefined;
  },
};
