import type { Tolerance } from '../engine/quantities.ts';
import type { TopologyEntry } from '../engine/target.ts';
import type { Probe } from './probe.ts';
import { describeTolerance, within } from './tolerance.ts';

export interface WantedProcess {
  readonly service: string;
  readonly state: string;
  /** Since the drill began. */
  readonly restarts?: Tolerance | undefined;
}

/** `atStart`: the services as they were when the drill began. */
export function processProbe(
  name: string,
  topology: () => readonly TopologyEntry[],
  { service, state, restarts }: WantedProcess,
  atStart: readonly TopologyEntry[],
): Probe {
  const entryIn = (services: readonly TopologyEntry[]) => services.find((each) => each.name === service);
  return {
    name,
    expected: restarts ? `${state}, restarts ${describeTolerance(restarts)}` : state,
    async look() {
      const now = entryIn(topology());
      if (!now) return { held: false, observed: `there is no ${service}` };
      const since = now.restarts - (entryIn(atStart)?.restarts ?? 0);
      const held = now.state === state && (restarts === undefined || within(restarts, since));
      return { held, observed: restarts ? `${now.state}, ${since} restarts` : now.state };
    },
  };
}
