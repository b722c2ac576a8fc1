import { readFileSync } from 'node:fs';
import { familyOf, type ProcessIdentity } from './process-identity.ts';

/**
 * Resident memory of a whole process group, in bytes; pages that its processes share are counted once each, so it is an upper bound.
 * Undefined where the platform does not tell.
 */
export function memoryBytes(leader: ProcessIdentity): number | undefined {
  if (process.platform !== 'linux') return undefined;
  return familyOf(leader).reduce((sum, pid) => sum + residentBytes(pid), 0);
}

function residentBytes(pid: number): number {
  try {
    const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}
