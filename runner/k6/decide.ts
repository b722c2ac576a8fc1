import { deliveryFault } from '#load-tests/gate/delivery.ts';
import type { MeasurementFault } from '#load-tests/gate/fault.ts';
import { judge } from '#load-tests/gate/judge.ts';
import type { GatePolicy } from '#load-tests/gate/objective.ts';
import { plainCounts } from '#load-tests/gate/tally.ts';
import { withPoints } from '#load-tests/k6/verdict.ts';
import { decisionsOf, type GateRun } from '../gate/gate-run.ts';
import type { GeneratorBusy } from '../load/generator.ts';
import { bottleneckOf } from '../load/warnings.ts';
import type { K6End } from './end.ts';
import type { Seen } from './seen.ts';

type Decided = Required<Pick<GateRun, 'verdict' | 'points'>>;

interface Circumstances {
  readonly end?: K6End;
  readonly faults?: readonly MeasurementFault[];
}

/** Thresholds that bound a share by the gate's test, all others as k6 does. */
export function decide(seen: Seen, policy: GatePolicy, { end, faults = [] }: Circumstances): Decided {
  const measured = seen.watched.flatMap((watched) => watched.measured ?? []);
  const compared = seen.watched.filter((watched) => watched.measured === undefined);
  const points = [...compared.map((watched) => watched.point(seen.seconds)), ...(end?.points ?? [])];
  return { verdict: withPoints(judge(measured, faults, policy), points), points };
}

export function countsOf(seen: Seen): GateRun['counts'] {
  const measured = seen.watched.flatMap((watched) => watched.measured ?? []);
  return Object.fromEntries(measured.map(({ objective: { name }, counts }) => [name, { client: plainCounts(counts) }]));
}

interface Ended {
  readonly seen: Pick<Seen, 'watched' | 'iterations' | 'droppedIterations' | 'longestSilenceSeconds'>;
  readonly end: K6End;
  readonly busy: GeneratorBusy;
}

/** A generator without time to spare is no matter to what it counts, but makes all that it times longer. */
export function faultsOf(decided: Decided, { seen, end, busy }: Ended): readonly MeasurementFault[] {
  const { iterations: done, droppedIterations: dropped } = seen;
  const failed = decisionsOf(decided).filter(({ verdict }) => verdict === 'FAIL');
  const times = new Set(seen.watched.filter(({ isTime }) => isTime).map(({ threshold }) => threshold.name));
  const onlySlow = failed.length > 0 && failed.every(({ name }) => times.has(name));
  const late = onlySlow ? lateOf(seen, busy) : [];
  return [
    end.fault,
    dropped > 0 ? deliveryFault({ asked: done + dropped, done, dropped }) : undefined,
    ...late.map((reason) => ({ kind: 'delivery', reason }) as const),
  ].filter((fault) => fault !== undefined);
}

/** Why what k6 timed may be its own time, in sentences. */
export function lateOf(
  { longestSilenceSeconds: seconds }: Pick<Seen, 'longestSilenceSeconds'>,
  busy: GeneratorBusy,
): readonly string[] {
  const standstill =
    seconds > tolerableSilenceSeconds
      ? `k6 stood still for ${(seconds - 1).toFixed(1)} s: it was stopped, or had no processor time, so its times are too long.`
      : undefined;
  return [bottleneckOf(busy), standstill].filter((reason) => reason !== undefined);
}

/** Every second something is due. */
const tolerableSilenceSeconds = 3;
