import { RunnerError } from './errors.ts';

const watchEveryMs = 250;
/** One Ctrl-C can arrive more than once: from the terminal, and from a parent that passes it on. */
const sameInterruptMs = 500;

/**
 * A signal that aborts on Ctrl-C, SIGTERM, SIGHUP, when the launcher that started this process was killed, or when nobody
 * reads what it says any more, as after `| head`.
 * A second Ctrl-C ends the process at once; the kernel then ends its children.
 */
export function interruptible(): AbortSignal {
  const controller = new AbortController();
  let interruptedAt = Number.POSITIVE_INFINITY;
  const interrupt = (why: string): void => {
    const now = performance.now();
    if (now - interruptedAt > sameInterruptMs) process.exit(130);
    interruptedAt = Math.min(interruptedAt, now);
    controller.abort(new RunnerError('INTERRUPTED', why));
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupt(name));
  watchLauncher(interrupt);
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => controller.abort(new RunnerError('INTERRUPTED', 'nobody reads on')));
  }
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
