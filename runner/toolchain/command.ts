import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export interface CommandOptions {
  readonly signal: AbortSignal;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
  /** What asks it to end when the signal aborts. Default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  /** How long it may take to end after that, in seconds. Default 5. */
  readonly graceSeconds?: number;
  /** For what must not be cut off in the middle: it goes on to its end when this process dies. */
  readonly outlivesParent?: boolean;
}

export interface CommandResult {
  /** Null when a signal ended it or it could not be started. */
  readonly exitCode: number | null;
  /** The last lines of standard output and error together. */
  readonly lastLines: readonly string[];
}

const keptLines = 20;

const endWithParent = fileURLToPath(new URL('../launcher/end-with-parent.sh', import.meta.url));

/**
 * Runs a command in a process group of its own and waits for it. When the signal aborts the group is ended, and when this
 * process dies (even by kill -9) the group is ended within about a second.
 * @throws the reason of the signal when it aborts.
 */
export async function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const { signal, cwd, env, onLine } = options;
  signal.throwIfAborted();
  const lastLines: string[] = [];
  const guard = options.outlivesParent ? [] : ['sh', endWithParent, String(process.pid)];
  const [program = file, ...programArgs] = [...guard, file, ...args];
  const child = spawn(program, programArgs, {
    cwd,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lastLines.push(line);
      if (lastLines.length > keptLines) lastLines.shift();
      onLine?.(line);
    });
  }
  const exitCode = await endOf(child, options);
  signal.throwIfAborted();
  return { exitCode, lastLines };
}

async function endOf(child: ChildProcess, options: CommandOptions): Promise<number | null> {
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', reject);
  });
  const end = () => void endGroup(child, closed, options);
  options.signal.addEventListener('abort', end, { once: true });
  try {
    return await closed;
  } finally {
    options.signal.removeEventListener('abort', end);
  }
}

async function endGroup(
  child: ChildProcess,
  closed: Promise<unknown>,
  { stopSignal = 'SIGTERM', graceSeconds = 5 }: CommandOptions,
): Promise<void> {
  signalGroup(child, stopSignal);
  await Promise.race([closed, delay(graceSeconds * 1000, undefined, { ref: false })]).catch(() => undefined);
  signalGroup(child, 'SIGKILL');
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone: that is what was wanted.
  }
}
