import { execFileSync } from 'node:child_process';
import { closeSync, constants, createReadStream, openSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A file that is never written to disk: somebody else writes lines to it, and each is taken as it comes. */
export interface LinePipe {
  readonly path: string;
  /** When whoever writes has ended; returns when all was taken. @throws what `take` threw */
  finish(): Promise<void>;
}

export function openLinePipe(path: string, take: (line: string) => void): LinePipe {
  execFileSync('mkfifo', ['-m', '600', path]);
  const taken = takeLines(path, take);
  taken.catch(() => undefined);
  return {
    path,
    async finish() {
      endUnlessOpened(path);
      await taken;
    },
  };
}

/** Takes on after an error, so that whoever writes does not have to wait for ever. */
async function takeLines(path: string, take: (line: string) => void): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    try {
      take(line);
    } catch (error) {
      failure ??= { error };
    }
  }
  if (failure) throw failure.error;
}

/** Who reads waits until somebody has opened it to write, which may never have happened. */
function endUnlessOpened(path: string): void {
  try {
    closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
  } catch {
    // Nobody reads any more.
  }
}
