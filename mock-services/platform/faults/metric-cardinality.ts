import { processFaults } from '#catalog/faults/process.ts';
import { metrics as names } from '#catalog/signals.ts';
import type { Fault } from './fault.ts';
import { paced, repeat } from './repeat.ts';

const definition = processFaults['metric-cardinality'];

const periodMs = 100;

/** Of all times that it was armed: no two make the same series. */
let item = 100_000;

/** The label `route` of the requests takes whole paths, as it does where somebody forgets to name a route by its template. */
export const metricCardinality: Fault<typeof definition> = {
  name: 'metric-cardinality',
  definition,
  arm({ perSecond, count }, site) {
    const requests = site.parts.metrics.counter(names.httpRequests);
    const due = paced(perSecond, count);
    const made: Record<string, string>[] = [];
    repeat(site, periodMs, (elapsedMs) => {
      for (let left = due(elapsedMs); left > 0; left -= 1) {
        const labels = { method: 'GET', route: `/api/backend/data/${item}`, status: '200' };
        item += 1;
        requests.inc(labels);
        made.push(labels);
      }
    });
    const forget = () => made.splice(0).forEach((labels) => void requests.remove(labels));
    site.signal.addEventListener('abort', forget, { once: true });
    return undefined;
  },
};
