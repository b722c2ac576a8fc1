import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** The k6 that works in a folder, or in one of those in it. */
export function generatorIn(directory: string): number {
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => {
      try {
        const isK6 = readFileSync(`/proc/${pid}/comm`, 'utf8') === 'k6\n';
        return isK6 && `${readlinkSync(`/proc/${pid}/cwd`)}/`.startsWith(`${directory}/`);
      } catch {
        return false;
      }
    });
  if (found === undefined) throw new Error(`no k6 works in ${directory}`);
  return found;
}

/** Keeps a process from all work for a while. */
export async function stall(pid: number, seconds: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  try {
    await delay(1000 * seconds);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}
