import type { Drill } from '../engine/drill.ts';
import type { DrillRun } from '../engine/drill-run.ts';
import { edgeCounts } from '../engine/edge-log.ts';
import type { EntryOf } from '../engine/ledger.ts';
import { entriesOf } from '../engine/ledger.ts';
import type { Rollback } from '../engine/rollback.ts';
import type { Play } from '../engine/run.ts';
import { watchMoves } from '../engine/slis.ts';
import { type Clocks, watchGuards } from './guards.ts';
import { holdFaults } from './hold-faults.ts';
import { recognise } from './mitigations.ts';
import { idleReplicas } from './oracles.ts';
import { type Progress, progressOf } from './progress.ts';
import { wellnessOf } from './wellness.ts';

const lookEveryMs = 500;
/** Users who are well for this long without a break are well again: two short windows of an SLO at a time scale of 60. */
const keepSeconds = 10;
/** Logs are there a moment after what they tell. */
const logDelayMs = 2000;
const servingMs = 6000;
/**
 * nginx leaves out for 30 s whoever was away.
 * @source docs/adr/0001-what-nginx-counts-as-an-upstream-failure.md
 */
const servingPatienceMs = 45_000;

export interface ResponseOptions {
  readonly start: Omit<EntryOf<'response-started'>, 'event' | 'sequence' | 'atMs' | 'source'>;
  readonly clocks: Clocks;
}

/** With somebody who responds: faults come and stay until they are ended, and it is over when users are well and it was said what it was. */
export function respond({ start, clocks }: ResponseOptions): Play {
  const play = async (drill: Drill, run: DrillRun, rollback: Rollback): Promise<void> => {
    const { ledger, target } = run;
    ledger.append({ event: 'response-started', ...start });
    const stopListening = target.onOperation((event) => ledger.append(event));
    rollback.add('listening for operations', async () => stopListening());
    const guards = await watchGuards(drill, run, clocks);
    await recordServing(run);
    const over = new AbortController();
    const moves = watchMoves(drill, run, AbortSignal.any([run.signal, over.signal]));
    try {
      await untilOver(drill, run, rollback);
    } finally {
      over.abort();
      await moves.catch(() => undefined);
      await guards.stop();
      const unhurried = { ...run, signal: AbortSignal.timeout(servingPatienceMs + 5000) };
      await recordServing(unhurried, progressOf(ledger.entries, drill.faults.length));
    }
  };
  return Object.assign(play, { leavesOtherwise: true as const });
}

async function untilOver(drill: Drill, run: DrillRun, rollback: Rollback): Promise<void> {
  const { ledger, clock, signal } = run;
  const startedAtMs = clock.nowMs();
  const { held, injected } = holdFaults(drill, run, rollback);
  const recognition = recognise(drill, run, () => held);
  const look = wellnessOf(drill, run);
  let [there, harmedByAll, wellSinceMs]: [number, boolean, number | undefined] = [0, false, undefined];
  for (;;) {
    if (progressOf(ledger.entries, drill.faults.length).state === 'over') return;
    // A fault that cannot be injected is no incident.
    await Promise.race([injected.then(() => new Promise(() => undefined)), clock.sleep(lookEveryMs, signal)]);
    if (drill.faults.length === 0) watchQuietly();
    else await watchUsers();
  }

  function watchQuietly(): void {
    const isLong = clock.nowMs() - startedAtMs >= (drill.observeFor ?? 0) * 1000;
    if (isLong && entriesOf(ledger.entries, 'watched').length === 0) ledger.append({ event: 'watched' });
  }

  async function watchUsers(): Promise<void> {
    const nowMs = clock.nowMs();
    const { well, slis } = await look(signal);
    // What has just been injected is not kept from users because they do not feel it yet.
    if (held.length > there) [there, wellSinceMs] = [held.length, undefined];
    harmedByAll ||= !well && there === drill.faults.length;
    wellSinceMs = well ? (wellSinceMs ?? nowMs) : undefined;
    const kept = wellSinceMs !== undefined && nowMs - wellSinceMs >= keepSeconds * 1000;
    await recognition.look(kept && harmedByAll ? wellSinceMs : undefined);
    if (!kept || wellSinceMs === undefined) return;
    if (progressOf(ledger.entries, drill.faults.length).state !== 'mitigated') return;
    for (const sli of slis) ledger.append({ event: 'sli-recovered', ...sli }, 'prometheus', wellSinceMs);
    ledger.append({ event: 'users-well', keptSeconds: (nowMs - wellSinceMs) / 1000 });
  }
}

/** Once all is done, waits for those that were started anew to serve again. */
async function recordServing({ target, ledger, clock, signal }: DrillRun, progress?: Progress): Promise<void> {
  const look = async () => {
    const toMs = clock.nowMs() - logDelayMs;
    return (await edgeCounts(target, toMs - servingMs, toMs, signal)).byReplica;
  };
  const isDone = progress?.state === 'over' && progress.how === 'done';
  const deadlineMs = clock.nowMs() + (isDone ? servingPatienceMs : 0);
  for (;;) {
    const byReplica = await look().catch(() => undefined);
    const isReady = (name: string) => target.topology().some((each) => each.name === name && each.state === 'ready');
    const waitsFor = byReplica ? idleReplicas(ledger.entries, byReplica).filter(isReady) : [];
    if (byReplica && (clock.nowMs() >= deadlineMs || waitsFor.length === 0)) {
      ledger.append({ event: 'serving', byReplica }, 'loki');
      return;
    }
    if (clock.nowMs() >= deadlineMs) return;
    await clock.sleep(1000, signal);
  }
}
