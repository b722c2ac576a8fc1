import { injectFault } from '../faults/inject.ts';
import type { Injected } from '../faults/injected.ts';
import type { Drill, DrillFault } from './drill.ts';
import type { DrillRun } from './drill-run.ts';
import { type KeptLease, keepLease } from './lease.ts';
import type { Rollback } from './rollback.ts';

/**
 * Injects every fault at its time, keeps it for as long as the drill says, and reverts it. When one fails, those that are still to
 * come are not injected.
 */
export async function playFaults(drill: Drill, outer: DrillRun, rollback: Rollback): Promise<void> {
  const failed = new AbortController();
  const run = { ...outer, signal: AbortSignal.any([outer.signal, failed.signal]) };
  const plays = drill.faults.map((spec, index) =>
    playFault(spec, `${drill.metadata.name}-${index + 1}`, run, rollback).catch((error: unknown) => {
      failed.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(plays);
  await Promise.all(plays);
}

async function playFault(spec: DrillFault, id: string, run: DrillRun, rollback: Rollback): Promise<void> {
  const { clock, ledger, signal } = run;
  await clock.sleep(spec.at * 1000, signal);
  const { fault, args } = spec;
  let kept: { readonly injected: Injected; readonly lease: KeptLease } | undefined;
  const revert = rollback.add(`${spec.fault} on ${spec.target}`, async () => {
    if (!kept) return;
    const { injected, lease } = kept;
    const leaseIntact = lease.intact && (await injected.isActive().catch(() => false));
    lease.release();
    await injected.revert();
    ledger.append({ event: 'reverted', id, target: spec.target, leaseIntact });
  });
  const order = { fault, args, seed: run.seed, leaseSeconds: spec.lease };
  const beganAtMs = clock.nowMs();
  const injected = await injectFault(run.target, spec.target, id, order, signal);
  ledger.append(
    { event: 'injected', id, fault: spec.fault, target: spec.target, args, beganAtMs },
    injected.source,
    injected.injectedAtMs,
  );
  kept = { injected, lease: keepLease(injected, spec.lease, clock, signal) };
  await clock.sleep(spec.for * 1000, signal);
  await revert();
}
