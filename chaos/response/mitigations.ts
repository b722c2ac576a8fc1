import type { Drill } from '../engine/drill.ts';
import type { DrillRun } from '../engine/drill-run.ts';
import { entriesOf } from '../engine/ledger.ts';
import { createProbe } from '../probes/create-probe.ts';
import type { HeldFault } from './hold-faults.ts';

type Mitigation = Drill['mitigations'][number];

/** What is done with operations is told a moment after its effect is there. */
const graceMs = 3000;

/** Recognises what has been done against the faults, writes it down, and ends them. */
export interface Recognition {
  /** Looks once. `wellSinceMs`: since when users have been well for long although faults are there. */
  look(wellSinceMs: number | undefined): Promise<void>;
}

export function recognise(drill: Drill, run: DrillRun, held: () => readonly HeldFault[]): Recognition {
  const { ledger, clock, target } = run;
  const topology = target.topology();
  const probes = drill.mitigations.flatMap((mitigation) =>
    'probe' in mitigation ? [{ mitigation, probe: createProbe(mitigation.probe, target, topology), armed: false }] : [],
  );
  const goneSinceMs = new Map<string, number>();
  let seen = 0;

  const open = (): readonly HeldFault[] => {
    const ended = new Set(entriesOf(ledger.entries, 'mitigated').flatMap(({ faults }) => faults));
    return held().filter(({ id }) => !ended.has(id));
  };
  const end = async (
    faults: readonly HeldFault[],
    by: { does: string; how: 'operation' | 'probe' | 'effect'; without: readonly string[] },
    atMs = clock.nowMs(),
  ): Promise<void> => {
    if (faults.length === 0) return;
    ledger.append({ event: 'mitigated', ...by, faults: faults.map(({ id }) => id) }, 'runner', atMs);
    await Promise.all(faults.map((fault) => fault.end()));
  };

  return {
    look: async (wellSinceMs) => {
      const operations = entriesOf(ledger.entries.slice(seen), 'operation');
      seen = ledger.entries.length;
      for (const done of operations.filter(({ ok }) => ok)) {
        for (const mitigation of drill.mitigations.filter((each) => isDone(each, done))) {
          await end(endedBy(mitigation, drill, open()), { ...wordsOf(mitigation), how: 'operation' }, done.atMs);
        }
      }
      for (const each of probes) {
        const { held: holds } = await each.probe.look(run.signal).catch(() => ({ held: false }));
        const isNew = holds && each.armed;
        each.armed ||= !holds && open().length > 0;
        if (isNew) await end(endedBy(each.mitigation, drill, open()), { ...wordsOf(each.mitigation), how: 'probe' });
      }
      const gone = open().filter((fault) => {
        if (!fault.isGone()) return false;
        const since = goneSinceMs.get(fault.id) ?? clock.nowMs();
        goneSinceMs.set(fault.id, since);
        return clock.nowMs() - since >= graceMs;
      });
      for (const fault of gone) {
        const does = `started ${fault.spec.target} anew, and it was gone`;
        await end([fault], { does, how: 'effect', without: [] }, goneSinceMs.get(fault.id));
      }
      if (wellSinceMs === undefined) return;
      await end(open(), { does: 'kept it from users', how: 'effect', without: [] }, wellSinceMs);
    },
  };
}

function endedBy({ ends }: Mitigation, drill: Drill, open: readonly HeldFault[]): readonly HeldFault[] {
  return ends === undefined ? open : open.filter(({ spec }) => ends.includes(drill.faults.indexOf(spec)));
}

function isDone(mitigation: Mitigation, done: { readonly name: string; readonly targets: readonly string[] }): boolean {
  if (!('operation' in mitigation)) return false;
  const { name, target } = mitigation.operation;
  // Without a target an operation is done to all that it can be done to.
  return name === done.name && (target === undefined || done.targets.length === 0 || done.targets.includes(target));
}

function wordsOf(mitigation: Mitigation): { does: string; without: readonly string[] } {
  const { does, without } = mitigation;
  const { name = '', target = '' } = 'operation' in mitigation ? mitigation.operation : {};
  const away = (name === 'drain' || name === 'stop') && target !== '' ? [target] : [];
  return { does, without: [...without, ...away] };
}
