import { createProbe } from '../probes/create-probe.ts';
import type { Observation, Probe } from '../probes/probe.ts';
import type { Drill } from './drill.ts';
import type { DrillRun } from './drill-run.ts';
import { isolationProbes } from './isolation.ts';
import { entriesOf, type Phase } from './ledger.ts';

const lookEveryMs = 500;
/** The baseline is proven again for this long after everything has recovered, in seconds. */
const proofAfterSeconds = 3;

/** Waits until every probe has held without a break, and records how each of them ended. */
export async function proveSteadyState(drill: Drill, run: DrillRun, phase: Phase): Promise<boolean> {
  const { steadyState } = drill;
  const holdMs = (phase === 'before' ? steadyState.holdFor : Math.min(steadyState.holdFor, proofAfterSeconds)) * 1000;
  const atStart = entriesOf(run.ledger.entries, 'topology')[0]?.services ?? [];
  const probes = [
    ...steadyState.probes.map((spec) => createProbe(spec, run.target, atStart)),
    ...isolationProbes(run.target, phase),
  ];
  const deadline = run.clock.nowMs() + steadyState.within * 1000;
  let heldSinceMs: number | undefined;
  for (;;) {
    const results = await lookAtAll(probes, run.signal);
    const nowMs = run.clock.nowMs();
    heldSinceMs = results.every(({ held }) => held) ? (heldSinceMs ?? nowMs) : undefined;
    const held = heldSinceMs !== undefined && nowMs - heldSinceMs >= holdMs;
    if (held || nowMs >= deadline) {
      for (const result of results) run.ledger.append({ event: 'probe', phase, ...result });
      run.ledger.append({ event: 'steady-state', phase, held });
      return held;
    }
    await run.clock.sleep(lookEveryMs, run.signal);
  }
}

type ProbeResult = Observation & { readonly name: string; readonly expected: string };

async function lookAtAll(probes: readonly Probe[], signal: AbortSignal): Promise<readonly ProbeResult[]> {
  return await Promise.all(
    probes.map(async (probe) => {
      const observation = await probe.look(signal).catch((error: Error): Observation => {
        signal.throwIfAborted();
        return { held: false, observed: error.message };
      });
      return { name: probe.name, expected: probe.expected, ...observation };
    }),
  );
}
