import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';

export const processIdentitySchema = z.object({
  pid: z.number(),
  /** Opaque start stamp: clock ticks since boot on Linux, a date elsewhere. */
  startedAt: z.string(),
});

/** A process that cannot be mistaken for a later one with the same pid. */
export type ProcessIdentity = Readonly<z.infer<typeof processIdentitySchema>>;

/** The identity of a living process, or undefined when there is none (a zombie counts as gone). */
export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt = process.platform === 'linux' ? linuxStart(pid) : posixStart(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startedAt === identity.startedAt;
}

/**
 * The processes of the group that `leader` led and all that descend from it (PostgreSQL's children leave the group):
 * those still alive, also when the leader itself is gone.
 */
export function familyOf(leader: ProcessIdentity): readonly number[] {
  const current = identify(leader.pid);
  if (current !== undefined && current.startedAt !== leader.startedAt) return [];
  if (process.platform !== 'linux') return current === undefined ? [] : [leader.pid];
  const family = new Set([leader.pid]);
  const processes = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((entry) => ({ pid: Number(entry), ...statFields(Number(entry)) }))
    .filter(({ state }) => state !== undefined && state !== 'Z');
  const members = processes.filter(({ group }) => group === leader.pid);
  for (const { pid } of members) family.add(pid);
  for (let found = true; found; ) {
    const children = processes.filter(
      ({ pid, parent }) => !family.has(pid) && parent !== undefined && family.has(parent),
    );
    for (const { pid } of children) family.add(pid);
    found = children.length > 0;
  }
  return processes.filter(({ pid }) => family.has(pid)).map(({ pid }) => pid);
}

function linuxStart(pid: number): string | undefined {
  const stat = statFields(pid);
  return stat === undefined || stat.state === 'Z' || stat.state === 'X' ? undefined : stat.startTicks;
}

/** @source https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: state is field 3, ppid 4, pgrp 5, starttime 22 */
function statFields(pid: number): { state: string; parent: number; group: number; startTicks: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return {
      state: fields[0] ?? '',
      parent: Number(fields[1]),
      group: Number(fields[2]),
      startTicks: fields[19] ?? '',
    };
  } catch {
    return undefined;
  }
}

function posixStart(pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}
