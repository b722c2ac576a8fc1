import type { MeasurementFault } from '#load-tests/gate/fault.ts';
import type { PointVerdict } from '#load-tests/k6/watched.ts';
import { RunnerError } from '../errors.ts';
import type { Exit } from '../process.ts';
import { exitCodes } from './exit-codes.ts';

/** What k6's end says beside its measurements. */
export interface K6End {
  readonly fault?: MeasurementFault;
  readonly points: readonly PointVerdict[];
}

interface Circumstances {
  /** It was told to end. */
  readonly stopped: boolean;
  /** Something was measured. */
  readonly begun: boolean;
}

/**
 * Crossed thresholds are no matter here: they are decided by others.
 * @throws RunnerError USAGE where k6 refused what it was given
 */
export function endOf({ code, signal }: Exit, { stopped, begun }: Circumstances): K6End {
  if (stopped || code === exitCodes.done || code === exitCodes.crossed) return { points: [] };
  if (code === exitCodes.invalid || (code === exitCodes.refused && !begun)) {
    throw new RunnerError('USAGE', `k6 refused what it was given (exit code ${code} of k6).`);
  }
  if (code === exitCodes.failedByScript) {
    return { points: [{ name: 'exec.test.fail()', verdict: 'FAIL', reason: 'The script says that the run failed.' }] };
  }
  const why = reasons[code ?? -1] ?? 'k6 ended before its time';
  return { fault: { kind: 'delivery', reason: `${why} (${signal ?? `exit code ${code} of k6`}).` }, points: [] };
}

const reasons: Readonly<Record<number, string>> = {
  100: 'setup() took too long',
  101: 'teardown() took too long',
  103: 'k6 was stopped by its REST API',
  [exitCodes.stopped]: 'k6 was stopped by somebody',
  106: 'the REST API of k6 could not be started',
  107: 'The script threw an exception',
  108: 'The script ended the run',
  109: 'k6 crashed',
};
