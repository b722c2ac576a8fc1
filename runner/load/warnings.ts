import { latenessFault } from '#load-tests/gate/lateness.ts';
import type { GeneratorBusy } from './generator.ts';
import type { LoadSummary } from './summary.ts';

export interface Circumstances {
  readonly summary: LoadSummary;
  /** At the peak. */
  readonly iterationsPerSecond: number;
  /** The most virtual users there may be. */
  readonly maxUsers: number;
  readonly busy: GeneratorBusy;
  /** Lines of k6's log that tell of measurements Prometheus did not take. */
  readonly unsent: number;
  /** The scenario writes, and nobody is signed in. */
  readonly anonymousWrites: boolean;
}

/** Busy for this share of the time, the generator is what was measured. */
const tolerableBusyRatio = 0.05;

/** What spoils the measurement, in sentences; the service is not to blame for it. */
export function warningsOf({
  summary,
  iterationsPerSecond,
  maxUsers,
  busy,
  unsent,
  anonymousWrites,
}: Circumstances): readonly string[] {
  const { iterations, droppedIterations: dropped, virtualUsers } = summary;
  const warnings: string[] = [];
  if (dropped > 0) {
    warnings.push(
      `Not all load was offered: ${dropped} of ${iterations + dropped} iterations could not be started in time.`,
    );
  }
  const late = latenessFault(summary, iterationsPerSecond);
  if (late) warnings.push(late.reason);
  if (virtualUsers >= maxUsers) {
    warnings.push(`All ${maxUsers} virtual users were in use: answers took longer than this rate can be kept up with.`);
  }
  const bottleneck = bottleneckOf(busy);
  if (bottleneck !== undefined) warnings.push(bottleneck);
  if (unsent > 0) warnings.push('Prometheus did not take all that k6 measured; see k6.log.');
  if (anonymousWrites) {
    warnings.push('Nobody was signed in, and the scenario writes: set FIREDRILL_TOKEN to a token that may.');
  }
  return warnings;
}

/** A sentence where the generator was too busy to measure anybody else. */
export function bottleneckOf({ busyLooks, looks, cores }: GeneratorBusy): string | undefined {
  if (busyLooks <= tolerableBusyRatio * looks) return undefined;
  const all = cores === 1 ? 'its one core' : `its ${cores} cores`;
  return `The generator was the bottleneck: k6 kept ${all} busy for ${busyLooks} of ${looks} seconds, so its times are too long. Ask for less, or load from another machine.`;
}
