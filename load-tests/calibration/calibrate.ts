import { normalQuantile } from '#statistics/normal-quantile.ts';
import { type ShareInterval, wilsonInterval } from '#statistics/wilson.ts';
import type { Cell } from './cell.ts';
import { type Simulated, simulate, type Tallied } from './simulate.ts';

/** A share of the simulated gates, with its 99 % interval. */
export type Rate = ShareInterval;

export interface Calibrated {
  readonly cell: Cell;
  readonly simulated: Simulated;
  /** Undefined where PASS is right. */
  readonly wrongPass: Rate | undefined;
  /** Undefined where FAIL is right. */
  readonly wrongFail: Rate | undefined;
  readonly k6: WrongShares;
  readonly wilson: WrongShares;
  /** What is promised and was not kept, in words; none: the cell holds. */
  readonly broken: readonly string[];
}

export interface WrongShares {
  readonly pass: number | undefined;
  readonly fail: number | undefined;
}

export interface CalibrationOptions {
  readonly gates: number;
  readonly seed: number;
  /** Told before each, counted from 1. */
  readonly onCell?: (number: number, of: number) => void;
  readonly signal?: AbortSignal;
}

/** Two-sided 99 %. */
const z99 = normalQuantile(0.995);

export async function calibrate(cells: readonly Cell[], options: CalibrationOptions): Promise<readonly Calibrated[]> {
  const calibrated: Calibrated[] = [];
  for (const [index, cell] of cells.entries()) {
    options.onCell?.(index + 1, cells.length);
    // So that an interruption is heard.
    await new Promise((resolve) => setImmediate(resolve));
    options.signal?.throwIfAborted();
    calibrated.push(judgeCell(cell, simulate(cell, options.gates, options.seed + index)));
  }
  return calibrated;
}

/** Wrong is PASS at the limit or above, FAIL at the limit or below; with a zone, PASS at its bad end and FAIL at its good one. */
export function judgeCell(cell: Cell, simulated: Simulated): Calibrated {
  const passIsWrong = cell.trueRate >= (cell.zone?.bad ?? cell.limit);
  const failIsWrong = cell.trueRate <= (cell.zone?.good ?? cell.limit);
  const { gate, gates } = simulated;
  const wrongPass = passIsWrong ? wilsonInterval(gate.pass, gates, z99) : undefined;
  const wrongFail = failIsWrong ? wilsonInterval(gate.fail, gates, z99) : undefined;
  const wrong = ({ pass, fail }: Tallied): WrongShares => ({
    pass: passIsWrong ? pass / gates : undefined,
    fail: failIsWrong ? fail / gates : undefined,
  });
  const right = passIsWrong ? gate.fail : gate.pass;
  return {
    cell,
    simulated,
    wrongPass,
    wrongFail,
    k6: wrong(simulated.k6),
    wilson: wrong(simulated.wilson),
    broken: broken(cell, { wrongPass, wrongFail, right: wilsonInterval(right, gates, z99), simulated }),
  };
}

interface Found {
  readonly wrongPass: Rate | undefined;
  readonly wrongFail: Rate | undefined;
  readonly right: Rate;
  readonly simulated: Simulated;
}

function broken({ policy, promise }: Cell, { wrongPass, wrongFail, right, simulated }: Found): readonly string[] {
  if (promise?.nothing) return [];
  const found: string[] = [];
  if (wrongPass && wrongPass.low > policy.errorRate) found.push('passes wrongly too often');
  if (wrongFail && wrongFail.low > policy.errorRate) found.push('fails wrongly too often');
  if (promise?.rightAtLeast !== undefined && right.high < promise.rightAtLeast) found.push('is right too seldom');
  const most = promise?.meanRequestsAtMost;
  if (most !== undefined && simulated.meanRequests - z99 * simulated.standardError > most)
    found.push(`takes more than ${most} requests`);
  return found;
}
