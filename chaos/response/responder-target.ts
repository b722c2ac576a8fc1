import { randomBytes } from 'node:crypto';
import type { Clock } from '../engine/clock.ts';
import type { Ledger } from '../engine/ledger.ts';
import type { Load, LoadOrder, Target } from '../engine/target.ts';

/**
 * The stack of a drill that somebody plays: load that they end is written down and no failure of ours, and our calls to the
 * faults can be told from theirs.
 */
export function responderTarget(target: Target, ledger: Ledger, clock: Clock): Target {
  const caller = randomBytes(16).toString('hex');
  return {
    ...target,
    control: (service) => ({ ...target.control(service), caller }),
    startLoad: async (order) => tolerant(await target.startLoad(order), order, ledger, clock),
  };
}

function tolerant(load: Load, { ratePerSecond }: LoadOrder, ledger: Ledger, clock: Clock): Load {
  const startedAtMs = clock.nowMs();
  load.failed.catch((error: Error) => {
    const [problem = ''] = error.message.split('\n');
    ledger.append({ event: 'load-lost', problem: problem.replace(/:$/, '') }, 'k6');
  });
  return {
    failed: new Promise(() => undefined),
    stop: () =>
      load.stop().catch(() => {
        const durationSeconds = (clock.nowMs() - startedAtMs) / 1000;
        // Nobody is left who could tell how much of it there was.
        return {
          durationSeconds,
          requests: 0,
          droppedIterations: Math.round(durationSeconds * ratePerSecond),
          failedRequests: 0,
        };
      }),
    [Symbol.asyncDispose]: () => load[Symbol.asyncDispose](),
  };
}
