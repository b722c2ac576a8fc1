import { serviceFaults } from '#catalog/faults/service.ts';
import { createSequence } from '../sequence.ts';
import { createDelays } from './delays.ts';
import type { Fault } from './fault.ts';
import { createHold } from './hold.ts';
import { routesIn } from './scope.ts';

const definition = serviceFaults.latency;

/** Lets requests wait before the handler. */
export const latency: Fault<typeof definition> = {
  name: 'latency',
  definition,
  arm(args, site) {
    const { seed, instance, tally } = site;
    const waits = createSequence({ ratio: args.ratio, seed, instance });
    const delays = createDelays(args, { seed, instance });
    const hold = createHold(site);
    let index = 0;
    const wait = async (ms: number) => {
      tally.failed += 1;
      await hold(ms);
      return undefined;
    };
    return {
      request: {
        matches: routesIn(args.routes),
        strike() {
          const number = index++;
          return waits(number) ? wait(delays(number)) : undefined;
        },
      },
    };
  },
};
