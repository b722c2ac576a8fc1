import { setTimeout as delay } from 'node:timers/promises';
import { type ComposeProject, compose } from './project.ts';

/** Reads the lines of a `docker compose` command that goes on for as long as the stack; it is started again when it ends before. */
export interface Follower extends AsyncDisposable {}

export function follow(
  project: ComposeProject,
  args: (sinceMs: number | undefined) => readonly string[],
  onLine: (line: string) => void,
): Follower {
  const stopping = new AbortController();
  const { signal } = stopping;
  const following = (async () => {
    let sinceMs: number | undefined;
    while (!signal.aborted) {
      await compose(project, args(sinceMs), { signal, onLine }).catch(() => undefined);
      sinceMs = Date.now();
      // The engine is away, or has nothing to tell.
      await delay(500, undefined, { signal }).catch(() => undefined);
    }
  })();
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await following;
    },
  };
}
