import { readFileSync } from 'node:fs';

/**
 * Milliseconds since the machine's start in which something that could have run waited for a processor; undefined where the
 * kernel does not tell.
 * @source https://docs.kernel.org/accounting/psi.html: `some` of /proc/pressure/cpu, its total in microseconds
 */
export function processorWaitMs(): number | undefined {
  try {
    return totalOf(readFileSync('/proc/pressure/cpu', 'utf8'));
  } catch {
    return undefined;
  }
}

export function totalOf(pressure: string): number | undefined {
  const [, total] = /^some .*total=(\d+)$/m.exec(pressure) ?? [];
  return total === undefined ? undefined : Number(total) / 1000;
}
