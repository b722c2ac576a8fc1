import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { RunnerError } from './errors.ts';
import { isAlive, type ProcessIdentity, processIdentitySchema } from './process-identity.ts';

/**
 * Takes a lock for a process; one whose holder has died is taken over.
 * @throws RunnerError STACK_ALREADY_UP while its holder lives.
 */
export function takeLock(file: string, owner: ProcessIdentity): void {
  while (!create(file, owner)) {
    const holder = read(file);
    if (holder !== undefined && isAlive(holder)) throw alreadyUp(holder);
    removeStale(file, holder, owner);
  }
}

export function alreadyUp(runner: ProcessIdentity): RunnerError {
  return new RunnerError(
    'STACK_ALREADY_UP',
    `A stack is already up in this checkout (runner pid ${runner.pid}): see it with "firedrill status", end it with "firedrill down".`,
  );
}

/** A link appears with its content, so that no one ever sees a lock without its holder. */
function create(file: string, owner: ProcessIdentity): boolean {
  const own = `${file}.${owner.pid}`;
  writeFileSync(own, JSON.stringify(owner));
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Moves the lock aside and looks again, so that a lock which another process took in between is given back. */
function removeStale(file: string, stale: ProcessIdentity | undefined, owner: ProcessIdentity): void {
  const aside = `${file}.${owner.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = read(aside);
  if (moved !== undefined && moved.pid !== stale?.pid && isAlive(moved)) renameSync(aside, file);
  else rmSync(aside, { force: true });
}

function read(file: string): ProcessIdentity | undefined {
  try {
    return processIdentitySchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
