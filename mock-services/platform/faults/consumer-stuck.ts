import { processFaults } from '#catalog/faults/process.ts';
import type { Fault } from './fault.ts';

const definition = processFaults['consumer-stuck'];

export const consumerStuck: Fault<typeof definition> = {
  name: 'consumer-stuck',
  definition,
  arm(_args, { signal, parts: { consumer } }) {
    consumer.shut(signal);
    return undefined;
  },
};
