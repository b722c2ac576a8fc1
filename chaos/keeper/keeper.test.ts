import { beforeEach, describe, expect, it } from 'vitest';
import type { FaultDefinition } from '#catalog/faults/argument.ts';
import type { Clock } from '../engine/clock.ts';
import { createKeeper, type Keeper } from './keeper.ts';
import type { KeeperSite, KeptFault } from './kept-fault.ts';

const definition = {
  place: 'infrastructure',
  effect: 'Anything.',
  targets: ['nginx', 'backend-*'],
  args: { delayMs: { kind: 'number', unit: 'ms', min: 0, max: 10, default: 5, help: '' } },
} as const satisfies FaultDefinition;

const order = { fault: 'any', target: 'nginx', args: {}, seed: '', leaseSeconds: 10 };

describe('the keeper', () => {
  let clock: ReturnType<typeof virtualClock>;
  let done: string[];
  let inject: KeptFault['inject'];
  let keeper: Keeper;

  beforeEach(() => {
    clock = virtualClock();
    done = [];
    inject = async (_args, { id, onRevert }) => {
      onRevert(async () => void done.push(`${id} reverted`));
      done.push(`${id} injected`);
    };
    keeper = createKeeper({
      faults: [{ name: 'any', definition, inject: (args, site) => inject(args, site) }],
      infrastructure: { replicas: ['backend-1', 'backend-2'] } as unknown as KeeperSite['infrastructure'],
      clock,
    });
  });

  it('tells what is in force, with its defaults and its end', async () => {
    const active = { ...order, args: { delayMs: 5 }, id: 'a', injectedAtMs: 0, expiresAtMs: 10_000 };
    expect(await keeper.inject('a', order)).toEqual({ ...active, decided: 0, failed: 0 });
    expect(keeper.list()).toMatchObject([active]);
  });

  it('ends a fault when its lease does, and not before', async () => {
    await keeper.inject('a', order);
    await clock.advance(9_999);
    expect(done).toEqual(['a injected']);
    await clock.advance(1);
    expect(done).toEqual(['a injected', 'a reverted']);
    expect(keeper.list()).toEqual([]);
    expect(keeper.renew('a', 10)).toBeUndefined();
  });

  it('lets a renewed lease begin anew', async () => {
    await keeper.inject('a', order);
    await clock.advance(9_000);
    expect(keeper.renew('a', 20)).toMatchObject({ expiresAtMs: 29_000 });
    await clock.advance(19_999);
    expect(keeper.list()).toHaveLength(1);
    await clock.advance(1);
    expect(done).toEqual(['a injected', 'a reverted']);
  });

  it('begins the lease once the fault is in force', async () => {
    inject = async (_args, { onRevert }) => {
      onRevert(async () => void done.push('reverted'));
      await clock.sleep(30_000, never);
    };
    const injecting = keeper.inject('a', order);
    await clock.advance(30_000);
    expect(await injecting).toMatchObject({ injectedAtMs: 30_000, expiresAtMs: 40_000 });
  });

  it('reverts once, however often it is asked to', async () => {
    await keeper.inject('a', order);
    await Promise.all([keeper.revert('a'), keeper.revert('a')]);
    await keeper.revert('a');
    expect(done).toEqual(['a injected', 'a reverted']);
  });

  it('puts a fault in the place of one with the same id', async () => {
    await keeper.inject('a', order);
    await keeper.inject('a', order);
    expect(done).toEqual(['a injected', 'a reverted', 'a injected']);
    expect(keeper.list()).toHaveLength(1);
  });

  it('reverts all, newest first, and so it does at its end', async () => {
    await keeper.inject('a', order);
    await keeper.inject('b', order);
    await keeper.revertAll();
    expect(done.slice(2)).toEqual(['b reverted', 'a reverted']);
    await keeper.inject('c', order);
    await keeper[Symbol.asyncDispose]();
    expect(done.at(-1)).toBe('c reverted');
    await expect(keeper.inject('d', order)).rejects.toThrow('the stack ends');
  });

  it('undoes newest first, and goes on trying where something fails', async () => {
    let refusals = 2;
    inject = async (_args, { onRevert }) => {
      onRevert(async () => void done.push('first'));
      onRevert(async () => {
        if (refusals-- > 0) throw new Error('not yet');
        done.push('second');
      });
    };
    await keeper.inject('a', order);
    const reverted = keeper.revert('a');
    await clock.advance(499);
    expect(done).toEqual([]);
    expect(keeper.list()).toHaveLength(1);
    await clock.advance(501);
    await reverted;
    expect(done).toEqual(['second', 'first']);
  });

  it('gives up at its end what cannot be undone, and undoes the rest', async () => {
    await keeper.inject('a', order);
    inject = async (_args, { onRevert }) => onRevert(() => Promise.reject(new Error('never')));
    await keeper.inject('b', order);
    const ended = Promise.resolve(keeper[Symbol.asyncDispose]()).catch((error: Error) => error.message);
    await clock.advance(2_000);
    expect(await ended).toContain('never');
    expect(done).toContain('a reverted');
  });

  it('undoes what was done before an injection failed', async () => {
    inject = async (_args, { onRevert }) => {
      onRevert(async () => void done.push('undone'));
      throw new Error('half way');
    };
    await expect(keeper.inject('a', order)).rejects.toThrow('half way');
    expect(done).toEqual(['undone']);
    expect(keeper.list()).toEqual([]);
  });

  it('interrupts an injection that is to be reverted, and undoes what it did', async () => {
    inject = async (_args, { onRevert, signal }) => {
      onRevert(async () => void done.push('undone'));
      await clock.sleep(60_000, signal);
    };
    const injecting = keeper.inject('a', order).catch(() => 'interrupted');
    await clock.advance(0);
    await keeper.revert('a');
    expect(await injecting).toBe('interrupted');
    expect(done).toEqual(['undone']);
  });

  it('undoes what was still being done when it was to end', async () => {
    inject = async (_args, { onRevert }) => {
      await clock.sleep(1_000, never);
      onRevert(async () => void done.push('undone'));
    };
    const injecting = keeper.inject('a', order).catch(() => undefined);
    await clock.advance(0);
    const reverted = keeper.revert('a');
    await clock.advance(1_000);
    await Promise.all([injecting, reverted]);
    expect(done).toEqual(['undone']);
  });

  it('renews nothing that is being reverted', async () => {
    let refusals = 1;
    inject = async (_args, { onRevert }) =>
      onRevert(async () => {
        if (refusals-- > 0) throw new Error('not yet');
      });
    await keeper.inject('a', order);
    const reverted = keeper.revert('a');
    await clock.advance(0);
    expect(keeper.renew('a', 10)).toBeUndefined();
    await clock.advance(500);
    await reverted;
  });

  it('does not take for injected what was reverted meanwhile', async () => {
    inject = async (_args, { onRevert }) => {
      onRevert(async () => void done.push('undone'));
      await clock.sleep(1_000, never);
    };
    const injecting = keeper.inject('a', order).catch((error: Error) => error.message);
    await clock.advance(0);
    const reverted = keeper.revert('a');
    await clock.advance(1_000);
    await reverted;
    expect(await injecting).toBe('any was reverted before it was in force');
    expect(done).toEqual(['undone']);
  });

  it.each([
    [{ fault: 'other' }, 'fault: expected one of any (got "other")'],
    [{ target: 'loki' }, 'target: expected one of nginx, backend-1, backend-2 (got "loki")'],
    [{ args: { delayMs: 11 } }, 'args.delayMs: expected a number from 0 to 10 (got 11)'],
  ])('refuses %j, and says what it takes', async (change, message) => {
    await expect(keeper.inject('a', { ...order, ...change })).rejects.toThrow(message);
    expect(done).toEqual([]);
  });
});

const never = new AbortController().signal;

/** Time passes when the test says so; whoever slept for less has woken by then. */
function virtualClock(): Clock & { advance(ms: number): Promise<void> } {
  let now = 0;
  const sleepers = new Set<{ readonly until: number; wake(): void }>();
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    nowMs: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { until: now + ms, wake: resolve };
        sleepers.add(sleeper);
        signal.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      }),
    advance: async (ms) => {
      const end = now + ms;
      await settle();
      for (;;) {
        const next = [...sleepers].filter(({ until }) => until <= end).sort((a, b) => a.until - b.until)[0];
        if (next === undefined) break;
        sleepers.delete(next);
        now = next.until;
        next.wake();
        await settle();
      }
      now = end;
    },
  };
}
