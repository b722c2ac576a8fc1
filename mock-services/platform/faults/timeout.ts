import { serviceFaults } from '#catalog/faults/service.ts';
import { AppError } from '../errors.ts';
import { createSequence } from '../sequence.ts';
import type { Fault } from './fault.ts';
import { createHold } from './hold.ts';
import { routesIn } from './scope.ts';

const definition = serviceFaults.timeout;

/** Lets requests hang and then fail; those that still hang when it ends are served. */
export const timeout: Fault<typeof definition> = {
  name: 'timeout',
  definition,
  arm({ holdMs, ratio, routes }, site) {
    const hangs = createSequence({ ratio, seed: site.seed, instance: site.instance });
    const hold = createHold(site);
    let index = 0;
    const hang = async () => ((await hold(holdMs)) ? new AppError('TIMEOUT') : undefined);
    return {
      request: { matches: routesIn(routes), strike: () => (hangs(index++) ? hang() : undefined) },
    };
  },
};
