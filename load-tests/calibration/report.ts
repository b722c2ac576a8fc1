import type { Calibrated, CalibrationOptions, Rate } from './calibrate.ts';
import type { Cell } from './cell.ts';

/** Rows of a table, and what is to be said below it. */
export interface CalibrationReport {
  readonly rows: readonly (readonly string[])[];
  readonly summary: string;
}

const columns = [
  'situation',
  'errors',
  'true rate',
  'req/s',
  'n at most',
  'wrong PASS',
  'wrong FAIL',
  'open',
  'mean n',
  'k6',
  'Wilson',
];

export function reportOf(calibrated: readonly Calibrated[], gates: number): CalibrationReport {
  return { rows: [columns, ...calibrated.map(rowOf)], summary: summaryOf(calibrated, gates) };
}

export function jsonOf(
  calibrated: readonly Calibrated[],
  { gates, seed }: Pick<CalibrationOptions, 'gates' | 'seed'>,
): string {
  const held = calibrated.every(({ broken }) => broken.length === 0);
  return `${JSON.stringify({ gates, seed, held, cells: calibrated }, null, 2)}\n`;
}

function rowOf({ cell, simulated, wrongPass, wrongFail, k6, wilson, broken }: Calibrated): readonly string[] {
  return [
    cell.title,
    errorsIn(cell),
    percent(cell.trueRate),
    String(cell.requestsPerSecond),
    String(cell.maximumRequests),
    rate(wrongPass),
    rate(wrongFail),
    percent(simulated.gate.inconclusive / simulated.gates),
    String(Math.round(simulated.meanRequests)),
    wrong(k6),
    `${wrong(wilson)}${broken.length > 0 ? `  ← ${broken.join(', ')}` : ''}`,
  ];
}

function summaryOf(calibrated: readonly Calibrated[], gates: number): string {
  const promised = calibrated.filter(({ cell }) => !cell.promise?.nothing);
  const rates = promised.flatMap(({ wrongPass, wrongFail }) => [wrongPass, wrongFail]);
  const worst = rates.reduce((one, other) => ((other?.share ?? 0) > (one?.share ?? 0) ? other : one), undefined);
  const outside = calibrated.filter(({ broken }) => broken.length > 0).length;
  return [
    'All in percent of the gates, with 99 % intervals. open: not decided with the most requests. k6: a threshold on the share of all',
    'of them, wrong PASS / wrong FAIL. Wilson: an interval that is believed the first second it excludes the limit, likewise.',
    `${calibrated.length} situations of ${gates} gates. Wrong verdicts at most ${rate(worst)} where the error rate is promised. ` +
      (outside === 0 ? 'All within what is stated.' : `${outside} situations outside what is stated.`),
  ].join('\n');
}

function errorsIn({ errors }: Cell): string {
  if (errors.kind === 'bursts' && errors.phi === 1) return 'independent';
  const share = errors.kind === 'rare bursts' ? ` of ${percent(errors.share)} %` : '';
  return `${errors.kind}${share}, φ ${errors.phi}`;
}

function rate(found: Rate | undefined): string {
  return found ? `${percent(found.share)} (${percent(found.low)}–${percent(found.high)})` : '·';
}

function wrong({ pass, fail }: Calibrated['k6']): string {
  return [pass, fail].map((share) => (share === undefined ? '·' : percent(share))).join(' / ');
}

function percent(share: number): string {
  return String(Number((share * 100).toFixed(2)));
}
