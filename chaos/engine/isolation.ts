import { metrics, type QueueName } from '#catalog/signals.ts';
import type { Probe } from '../probes/probe.ts';
import { promqlProbe } from '../probes/promql.ts';
import { quietProbe } from '../probes/quiet.ts';
import { activeFaults } from './active-faults.ts';
import type { Phase } from './ledger.ts';
import type { Target } from './target.ts';

/** No message waits this long in a stack that is well, in seconds. */
const freshSeconds = 5;
const deadLetters: QueueName = 'dead-letter';

/**
 * What holds in every stack that is well, whatever a drill asks for besides: that nothing is left of what was done to it before.
 * After a drill alerts may still be there: a budget that was spent is not back when the fault is gone.
 */
export function isolationProbes(target: Target, phase: Phase): readonly Probe[] {
  const { prometheus } = target.urls;
  const probes = [
    noFaultProbe(target),
    readyProbe(target),
    promqlProbe('every circuit breaker is closed', prometheus, `max(${metrics.circuitBreakerState})`, { atMost: 0 }),
    promqlProbe('no message waits', prometheus, `max(${metrics.queueOldestAge}{queue!="${deadLetters}"})`, {
      atMost: freshSeconds,
    }),
    promqlProbe('no message is dead', prometheus, `max(${metrics.queueSize}{queue="${deadLetters}"})`, { atMost: 0 }),
  ];
  return phase === 'before' ? [...probes, quietProbe('no alert is pending or fires', prometheus)] : probes;
}

function noFaultProbe(target: Target): Probe {
  return {
    name: 'no fault is in force',
    expected: 'none',
    async look(signal) {
      const active = await activeFaults(target, signal);
      return { held: active.length === 0, observed: `${active.length} in force` };
    },
  };
}

function readyProbe(target: Target): Probe {
  return {
    name: 'every service is ready',
    expected: 'all ready',
    async look() {
      const others = target.topology().filter(({ state }) => state !== 'ready');
      const names = others.map(({ name, state }) => `${name} ${state}`).join(', ');
      return { held: others.length === 0, observed: names || 'all ready' };
    },
  };
}
