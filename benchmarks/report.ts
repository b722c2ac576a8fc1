import { table } from '#runner/terminal.ts';
import { type Finding, reached, type Unit } from './benchmark.ts';

/** The findings as a table for people. */
export function renderTable(findings: readonly Finding[]): string {
  const rows = findings.map((finding) => [
    mark(finding),
    finding.measure,
    format(finding.value.median, finding.unit),
    spread(finding),
    promise(finding),
  ]);
  const notes = findings.flatMap(({ measure, note }) => (note === undefined ? [] : [`  ${measure}: ${note}`]));
  return [table([['', 'measure', 'median', 'lowest … highest', 'to reach'], ...rows]), '', ...notes].join('\n');
}

function mark(finding: Finding): string {
  const held = reached(finding);
  if (held === undefined) return ' ';
  return held ? '✓' : '✗';
}

function spread({ value, unit }: Finding): string {
  return value.lowest === value.highest ? '' : `${format(value.lowest, unit)} … ${format(value.highest, unit)}`;
}

function promise({ toReach, unit }: Finding): string {
  if (toReach === undefined) return '';
  return 'atLeast' in toReach ? `≥ ${format(toReach.atLeast, unit)}` : `≤ ${format(toReach.atMost, unit)}`;
}

function format(value: number, unit: Unit): string {
  return `${numbers[unit](value)}${unit === 'ratio' || unit === 'count' || unit === 'share' ? '' : ` ${unit}`}`;
}

const fixed = (digits: number) => (value: number) => value.toFixed(digits);

const numbers: Readonly<Record<Unit, (value: number) => string>> = {
  ratio: fixed(2),
  share: (value) => `${(100 * value).toFixed(1)} %`,
  'req/s': fixed(0),
  ms: fixed(2),
  µs: fixed(0),
  MiB: fixed(0),
  cores: fixed(2),
  count: fixed(0),
};
