import type { MeasurementFault } from '#load-tests/gate/fault.ts';
import type { PointVerdict } from '#load-tests/k6/watched.ts';
import { RunnerError } from '../errors.ts';
import type { Exit } from '../process.ts';

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
  if (stopped || code === codes.done || code === codes.crossed) return { points: [] };
  if (code === codes.invalid || (code === codes.refused && !begun)) {
    throw new RunnerError('USAGE', `k6 refused what it was given (exit code ${code} of k6).`);
  }
  if (code === codes.failedByScript) {
    return { points: [{ name: 'exec.test.fail()', verdict: 'FAIL', reason: 'The script says that the run failed.' }] };
  }
  const why = reasons[code ?? -1] ?? 'k6 ended before its time';
  return { fault: { kind: 'delivery', reason: `${why} (${signal ?? `exit code ${code} of k6`}).` }, points: [] };
}

/** @source https://github.com/grafana/k6/blob/v1.8.1/errext/exitcodes/codes.go */
const codes = { done: 0, crossed: 99, invalid: 104, stopped: 105, failedByScript: 110, refused: 255 } as const;

const reasons: Readonly<Record<number, string>> = {
  100: 'setup() took too long',
  101: 'teardown() took too long',
  103: 'k6 was stopped by its REST API',
  [codes.stopped]: 'k6 was stopped by somebody',
  106: 'the REST API of k6 could not be started',
  107: 'The script threw an exception',
  108: 'The script ended the run',
  109: 'k6 crashed',
};
