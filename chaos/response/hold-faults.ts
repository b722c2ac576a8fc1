import { randomBytes } from 'node:crypto';
import type { Drill, DrillFault } from '../engine/drill.ts';
import type { DrillRun } from '../engine/drill-run.ts';
import { type KeptLease, keepLease } from '../engine/lease.ts';
import type { Rollback } from '../engine/rollback.ts';
import { injectFault } from '../faults/inject.ts';

/** A fault that stays until somebody has ended it. */
export interface HeldFault {
  /** Says nothing about it: whoever reads it somewhere knows no more. */
  readonly id: string;
  readonly spec: DrillFault;
  /** How often its target had been started again when it was injected. */
  readonly restarts: number;
  /** True once its target has been started again and does not have it any more. */
  isGone(): boolean;
  /** Idempotent. */
  end(): Promise<void>;
}

/** Injects every fault at its time, and keeps each: what ends too early is injected again, unless its target was started anew. */
export function holdFaults(
  drill: Drill,
  run: DrillRun,
  rollback: Rollback,
): { readonly held: readonly HeldFault[]; readonly injected: Promise<void> } {
  const held: HeldFault[] = [];
  const injected = Promise.all(
    drill.faults.map(async (spec) => {
      await run.clock.sleep(spec.at * 1000, run.signal);
      held.push(await hold(spec, run, rollback));
    }),
  ).then(() => undefined);
  injected.catch(() => undefined);
  return { held, injected };
}

async function hold(spec: DrillFault, run: DrillRun, rollback: Rollback): Promise<HeldFault> {
  const { clock, ledger, signal, target, seed } = run;
  const id = randomBytes(8).toString('hex');
  const order = { fault: spec.fault, args: spec.args, seed, leaseSeconds: spec.lease };
  const restartsNow = () => target.topology().find(({ name }) => name === spec.target)?.restarts ?? 0;
  const restarts = restartsNow();
  const over = new AbortController();
  const until = AbortSignal.any([over.signal, signal]);
  let lease: KeptLease | undefined;
  const inject = async () => {
    lease?.release();
    const injected = await injectFault(target, spec.target, id, order, signal);
    lease = keepLease(injected, spec.lease, clock, until);
    return injected;
  };
  let revertNow: () => Promise<void> = async () => undefined;
  // Before the injection: what fails half way is undone.
  const end = rollback.add(`${spec.fault} on ${spec.target}`, () => revertNow());
  const beganAtMs = clock.nowMs();
  let injected = await inject();
  ledger.append(
    { event: 'injected', id, fault: spec.fault, target: spec.target, args: spec.args, beganAtMs },
    injected.source,
    injected.injectedAtMs,
  );
  const keep = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(500, until);
      if (lease?.intact !== false || restartsNow() !== restarts) continue;
      // Whoever hangs takes no order: it is tried again.
      injected = await inject().catch(() => injected);
    }
  };
  const kept = keep().catch(() => undefined);
  revertNow = async () => {
    over.abort();
    // It may just be injecting it again.
    await kept;
    const leaseIntact = (lease?.intact ?? false) && (await injected.isActive().catch(() => false));
    // A target that is away has no fault: it is not there to be asked.
    await injected.revert().catch((error: unknown) => {
      if (target.topology().find(({ name }) => name === spec.target)?.state === 'ready') throw error;
    });
    ledger.append({ event: 'reverted', id, target: spec.target, leaseIntact });
  };
  return { id, spec, restarts, isGone: () => lease?.intact === false && restartsNow() !== restarts, end };
}
