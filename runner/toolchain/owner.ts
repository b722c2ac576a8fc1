import { hostname } from 'node:os';

/** The name of this process, to be left on what it works on: `host~pid`. */
export function ownerName(): string {
  return `${hostname()}~${process.pid}`;
}

/** True when the process that left its name on something will not come back for it. */
export function isAbandoned(owner: string, ageMs: number): boolean {
  const [host, pid] = owner.split('~');
  // A name is written right after its file appears; and a process of another machine cannot be asked whether it lives.
  if (pid === undefined) return ageMs > 10_000;
  if (ageMs > 24 * 3600 * 1000) return true;
  return host === hostname() && !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
