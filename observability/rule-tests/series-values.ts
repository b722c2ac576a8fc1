import type { Phase } from './rule-test.ts';

/**
 * Phases in promtool's notation: one sample at 0, then one every `sampleSeconds` of production.
 * @throws RangeError for a phase that ends between two samples, and for one that counts a part of something from one to the next.
 * @source https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/#series
 */
export function seriesValues(phases: readonly Phase[], sampleSeconds: number, timeScale: number): string {
  let value = 0;
  let recorded = false;
  const tokens = phases.map((phase, index) => {
    const samples = phase.seconds / sampleSeconds;
    if (!Number.isInteger(samples) || samples < 1) {
      throw new RangeError(`a phase takes ${phase.seconds} s: expected a multiple of ${sampleSeconds} s`);
    }
    const startsAtZero = index === 0 ? 1 : 0;
    if ('absent' in phase) {
      const gap = samples + startsAtZero;
      const token = recorded ? ['stale', ...(gap > 1 ? [`_x${gap - 1}`] : [])].join(' ') : `_x${gap}`;
      recorded = false;
      return token;
    }
    recorded = true;
    if ('value' in phase) {
      value = phase.value;
      return `${value}x${samples - 1 + startsAtZero}`;
    }
    const increase = Number(format((phase.perSecond * sampleSeconds) / timeScale));
    if (!Number.isInteger(increase)) {
      throw new RangeError(
        `${phase.perSecond} per second are ${increase} from one sample to the next: expected a whole number`,
      );
    }
    const first = index === 0 || phase.restart ? 0 : value + increase;
    const steps = samples - 1 + startsAtZero;
    value = first + steps * increase;
    return `${format(first)}${increase < 0 ? '-' : '+'}${format(Math.abs(increase))}x${steps}`;
  });
  return tokens.join(' ');
}

/** Away with the noise of binary fractions. */
function format(value: number): string {
  return String(Number(value.toPrecision(12)));
}
