import type { ActiveFault, FaultOrder } from '#catalog/control.ts';
import { anyReplica, readArguments } from '#catalog/faults/argument.ts';
import type { Clock } from '../engine/clock.ts';
import { FaultRefused } from './fault-refused.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { KeptFault, Undo } from './kept-fault.ts';

/** Holds the faults that are in no service, and ends each by itself when its lease is not renewed. */
export interface Keeper extends AsyncDisposable {
  list(): readonly ActiveFault[];
  /**
   * Resolves once the fault is in force, in place of the one with the same id. Its lease begins then.
   * @throws FaultRefused when there is no such fault or target, or its arguments are wrong
   */
  inject(id: string, order: FaultOrder): Promise<ActiveFault>;
  /** Undefined when it is not active any more. */
  renew(id: string, leaseSeconds: number): ActiveFault | undefined;
  /** Resolves once everything is as before; what cannot be undone yet is tried again. Does nothing when it is not active. */
  revert(id: string): Promise<void>;
  /** Newest first. */
  revertAll(): Promise<void>;
}

export interface KeeperDeps {
  readonly faults: readonly KeptFault[];
  readonly infrastructure: Infrastructure;
  readonly clock: Clock;
}

const retryMs = 500;
/** Once the keeper ends: what cannot be undone by then ends with the stack. */
const lastTries = 3;

export function createKeeper({ faults, infrastructure, clock }: KeeperDeps): Keeper {
  const kept = new Map<string, Kept>();
  let ending = false;

  const keeper: Keeper = {
    list: () => [...kept.values()].flatMap((each) => (each.active === undefined ? [] : [each.active])),
    inject: async (id, order) => {
      const { fault, args, target } = check(order, faults, infrastructure.replicas);
      await keeper.revert(id);
      if (ending)
        throw new FaultRefused([{ field: 'fault', value: order.fault, expected: 'none any more: the stack ends' }]);
      const each = createKept(id);
      kept.set(id, each);
      const site = {
        ...{ target, id, seed: order.seed, infrastructure, clock, signal: each.revocation.signal },
        onRevert: (undo: Undo) => each.undos.push(undo),
      };
      each.injecting = fault.inject(args as never, site);
      try {
        await each.injecting;
        if (each.revocation.signal.aborted) throw new Error(`${order.fault} was reverted before it was in force`);
      } catch (error) {
        await keeper.revert(id);
        throw error;
      }
      each.active = { ...order, args, id, injectedAtMs: clock.nowMs(), expiresAtMs: 0, decided: 0, failed: 0 };
      return extend(each, each.active, order.leaseSeconds);
    },
    renew: (id, leaseSeconds) => {
      const each = kept.get(id);
      if (each?.active === undefined || each.revocation.signal.aborted) return undefined;
      return extend(each, each.active, leaseSeconds);
    },
    revert: async (id) => {
      const each = kept.get(id);
      if (each === undefined) return;
      each.reverting ??= undoAll(each).finally(() => {
        each.reverting = undefined;
      });
      await each.reverting;
      if (kept.get(id) === each) kept.delete(id);
    },
    revertAll: async () => {
      const failures: unknown[] = [];
      for (const id of [...kept.keys()].reverse()) await keeper.revert(id).catch((error) => failures.push(error));
      if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('; '));
    },
    [Symbol.asyncDispose]: async () => {
      ending = true;
      await keeper.revertAll();
    },
  };
  return keeper;

  function extend(each: Kept, active: ActiveFault, leaseSeconds: number): ActiveFault {
    each.lease.abort();
    each.lease = new AbortController();
    const renewed = { ...active, leaseSeconds, expiresAtMs: clock.nowMs() + 1000 * leaseSeconds };
    each.active = renewed;
    const lapsed = clock.sleep(1000 * leaseSeconds, each.lease.signal).then(() => keeper.revert(each.id));
    // Renewed, reverted, or tried for as long as the keeper is there.
    lapsed.catch(() => undefined);
    return renewed;
  }

  async function undoAll(each: Kept): Promise<void> {
    each.revocation.abort();
    each.lease.abort();
    await each.injecting?.catch(() => undefined);
    for (let tries = 1; each.undos.length > 0; ) {
      try {
        await each.undos.at(-1)?.();
        each.undos.pop();
      } catch (error) {
        if (ending && tries >= lastTries) throw error;
        tries += ending ? 1 : 0;
        await clock.sleep(retryMs, never);
      }
    }
  }
}

const never = new AbortController().signal;

interface Kept {
  readonly id: string;
  readonly undos: Undo[];
  readonly revocation: AbortController;
  lease: AbortController;
  injecting?: Promise<void>;
  reverting?: Promise<void> | undefined;
  /** Once it is in force. */
  active?: ActiveFault;
}

function createKept(id: string): Kept {
  return { id, undos: [], revocation: new AbortController(), lease: new AbortController() };
}

/** @throws FaultRefused */
function check(
  { fault: name, target = '', args: given }: FaultOrder,
  faults: readonly KeptFault[],
  replicas: readonly string[],
) {
  const fault = faults.find((candidate) => candidate.name === name);
  if (fault === undefined) {
    const expected = `one of ${faults.map((each) => each.name).join(', ')}`;
    throw new FaultRefused([{ field: 'fault', value: name, expected }]);
  }
  const targets = fault.definition.targets.flatMap((each) => (each === anyReplica ? replicas : each));
  const { args, problems } = readArguments(fault.definition, given);
  const refused = [
    ...(targets.includes(target) ? [] : [{ field: 'target', value: target, expected: `one of ${targets.join(', ')}` }]),
    ...problems.map((problem) => ({ ...problem, field: `args.${problem.field}` })),
  ];
  if (refused.length > 0) throw new FaultRefused(refused);
  return { fault, args, target };
}
