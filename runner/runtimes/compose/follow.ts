import { setTimeout as delay } from 'node:timers/promises';
import { news, type Stamp } from './news.ts';
import { type ComposeProject, compose } from './project.ts';

/** Reads the lines of a `docker compose` command that goes on for as long as the stack; it is started again when it ends before. */
export interface Follower extends AsyncDisposable {}

/** Passes on each line once; by its stamp it is known when it is told again. */
export function follow(
  project: ComposeProject,
  args: readonly string[],
  stampOf: (line: string) => Stamp | undefined,
  onLine: (line: string) => void,
): Follower {
  const stopping = new AbortController();
  const { signal } = stopping;
  const following = (async () => {
    const { isNew, askAgain } = news(stampOf);
    const onEachLine = (line: string): void => {
      if (isNew(line)) onLine(line);
    };
    while (!signal.aborted) {
      const since = askAgain();
      const from = since === undefined ? [] : ['--since', since];
      await compose(project, [...args, ...from], { signal, onLine: onEachLine }).catch(() => undefined);
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
