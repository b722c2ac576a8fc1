import { RunnerError } from './errors.ts';

const watchEveryMs = 250;

/**
 * A signal that aborts on Ctrl-C, SIGTERM, SIGHUP, or when the launcher that started this process was killed.
 * The second Ctrl-C ends the process at once; the kernel then ends its children.
 */
export function interruptible(): AbortSignal {
  const controller = new AbortController();
  const interrupt = (why: string): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new RunnerError('INTERRUPTED', why));
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupt(name));
  watchLauncher(interrupt);
  return controller.signal;
}

/** A process whose parent dies is given another one: then nobody waits for us any more. */
function watchLauncher(interrupt: (why: string) => void): void {
  const launcher = Number(process.env.FIREDRILL_LAUNCHER_PID);
  if (!launcher || process.ppid !== launcher) return;
  const timer = setInterval(() => {
    if (process.ppid === launcher) return;
    clearInterval(timer);
    interrupt('the launcher was killed');
  }, watchEveryMs);
  timer.unref();
}
