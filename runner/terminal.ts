import { styleText } from 'node:util';
import type { Paint } from '#chaos/engine/report.ts';

/** Colours where the terminal has them and NO_COLOR is not set. */
export const paint: Paint = {
  strong: (text) => style('bold', text),
  faint: (text) => style('dim', text),
  good: (text) => style('green', text),
  bad: (text) => style('red', text),
};

/** What a command says to the person who typed it: standard output. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** What is not the answer, so that the answer can be piped: standard error. */
export function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Columns aligned, two spaces apart. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, index) => Math.max(widest[index] ?? 0, cell.length)),
    [],
  );
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function mebibytes(bytes: number | undefined): string {
  return bytes === undefined ? '-' : `${Math.round(bytes / 1024 / 1024)} MiB`;
}

function style(format: 'bold' | 'dim' | 'green' | 'red', text: string): string {
  return styleText(format, text, { stream: process.stdout });
}
