import type { Drill } from '../engine/drill.ts';
import type { DrillRun } from '../engine/drill-run.ts';
import { createProbe } from '../probes/create-probe.ts';
import { queryValue } from '../probes/prometheus-client.ts';
import { within } from '../probes/tolerance.ts';

/** How users are right now. */
export interface Wellness {
  readonly well: boolean;
  readonly slis: readonly { readonly sli: string; readonly value: number }[];
}

/** Looks at the SLIs of the drill and at what users are answered; without SLIs at the whole steady state but for alerts, which only tell of it. */
export function wellnessOf(drill: Drill, { target }: DrillRun): (signal: AbortSignal) => Promise<Wellness> {
  const { slis } = drill.expect;
  const topology = target.topology();
  const probes = drill.steadyState.probes
    .filter((spec) => 'http' in spec || (slis.length === 0 && !('alert' in spec) && !('alerts' in spec)))
    .map((spec) => createProbe(spec, target, topology));
  return async (signal) => {
    const values = await Promise.all(
      slis.map(async ({ name, query, recovers }) => {
        const value = await queryValue(target.urls.prometheus, query, signal).catch(() => undefined);
        return { sli: name, value, held: value !== undefined && within(recovers.tolerance, value) };
      }),
    );
    const looks = await Promise.all(probes.map((probe) => probe.look(signal).catch(() => ({ held: false }))));
    signal.throwIfAborted();
    return {
      well: values.every(({ held }) => held) && looks.every(({ held }) => held),
      slis: values.flatMap(({ sli, value }) => (value === undefined ? [] : [{ sli, value }])),
    };
  };
}
