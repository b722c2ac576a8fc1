import { injectFault } from '../faults/inject.ts';
import type { Injected } from '../faults/injected.ts';
import type { Drill, DrillFault } from './drill.ts';
import type { DrillRun } from './drill-run.ts';
import { keepLease } from './lease.ts';
import type { Rollback } from './rollback.ts';

/** Injects every fault at its time, keeps it for as long as the drill says, and reverts it. */
export async function playFaults(drill: Drill, run: DrillRun, rollback: Rollback): Promise<void> {
  await Promise.all(
    drill.faults.map((spec, index) => playFault(spec, `${drill.metadata.name}-${index + 1}`, run, rollback)),
  );
}

async function playFault(spec: DrillFault, id: string, run: DrillRun, rollback: Rollback): Promise<void> {
  const { clock, ledger, signal } = run;
  await clock.sleep(spec.at * 1000, signal);
  const { fault, args } = spec;
  let injected: Injected | undefined;
  const revert = rollback.add(`${spec.fault} on ${spec.target}`, async () => injected?.revert());
  const order = { fault, args, seed: run.seed, leaseSeconds: spec.lease };
  injected = await injectFault(run.target, spec.target, id, order, signal);
  ledger.append(
    { event: 'injected', id, fault: spec.fault, target: spec.target, args },
    injected.source,
    injected.injectedAtMs,
  );
  const lease = keepLease(injected, spec.lease, clock, signal);
  try {
    await clock.sleep(spec.for * 1000, signal);
    const leaseIntact = lease.intact && (await injected.isActive());
    await revert();
    ledger.append({ event: 'reverted', id, target: spec.target, leaseIntact });
  } finally {
    lease.release();
  }
}
