import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { RunnerError } from './errors.ts';
import { familyOf, identify, isAlive, type ProcessIdentity } from './process-identity.ts';

export interface ProcessSpec extends ShownProcessSpec {
  /** Standard output and error, appended. */
  readonly logFile: string;
}

/** What it writes, it writes where we do. */
export interface ShownProcessSpec {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Run as this user instead of ours; only root can. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** What the process gets when the runner dies without a chance to stop it. Default SIGKILL. */
  readonly parentDeathSignal?: NodeJS.Signals;
  /** What asks it to end. Default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const killPatienceMs = 5000;

/** A child process in a process group of its own; the group ends with it. */
export interface RunningProcess {
  readonly identity: ProcessIdentity;
  readonly exited: Promise<Exit>;
  /** Asks, waits `graceSeconds`, then kills whatever is left of the group. Idempotent. */
  stop(graceSeconds?: number): Promise<Exit>;
}

/**
 * Starts a process that does not outlive the runner: on Linux the kernel ends it when the runner dies, even by kill -9.
 * @throws RunnerError SERVICE_FAILED when the binary cannot be started.
 */
export async function launch(spec: ProcessSpec | ShownProcessSpec): Promise<RunningProcess> {
  const log = 'logFile' in spec ? openSync(spec.logFile, 'a') : 'inherit';
  const { file, args, asUser } = boundToParent(spec);
  const child = spawn(file, args, {
    cwd: spec.cwd,
    env: { ...process.env, ...spec.env },
    detached: true,
    stdio: ['ignore', log, log],
    ...(asUser ? spec.user : {}),
  });
  if (log !== 'inherit') closeSync(log);
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
  const identity = await started(child, spec);
  return { identity, exited, stop: (graceSeconds = 5) => stop(identity, exited, spec.stopSignal, graceSeconds) };
}

/** The last lines a process wrote, for an error message. */
export function lastLines(logFile: string, count = 8): string {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '';
  }
}

/** Ends what is left of a process group and waits until it is gone, or until the kernel has had long enough. */
export async function endGroup(leader: ProcessIdentity): Promise<void> {
  const deadline = performance.now() + killPatienceMs;
  for (let left = familyOf(leader); left.length > 0 && performance.now() < deadline; left = familyOf(leader)) {
    for (const pid of left) signalIfAlive(pid, 'SIGKILL');
    await delay(20);
  }
}

async function started(child: ChildProcess, spec: ShownProcessSpec): Promise<ProcessIdentity> {
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) =>
      reject(new RunnerError('SERVICE_FAILED', `${spec.name}: cannot start ${spec.file}: ${cause.message}`, { cause })),
    );
  });
  const pid = child.pid as number;
  return identify(pid) ?? { pid, startedAt: 'gone' };
}

async function stop(
  identity: ProcessIdentity,
  exited: Promise<Exit>,
  signal: NodeJS.Signals = 'SIGTERM',
  graceSeconds: number,
): Promise<Exit> {
  if (isAlive(identity)) signalIfAlive(identity.pid, signal);
  const timer = new AbortController();
  const patience = delay(graceSeconds * 1000, undefined, { signal: timer.signal }).catch(() => undefined);
  await Promise.race([exited, patience]);
  timer.abort();
  await endGroup(identity);
  return exited;
}

function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Already gone: that is what was wanted.
  }
}

/**
 * setpriv sets the parent-death signal after it has changed the user (a change of user clears it). The shell between the two
 * closes the last gap: a runner that died before the signal was set is no longer the parent, and nothing is started.
 */
function boundToParent(spec: ShownProcessSpec): { file: string; args: string[]; asUser: boolean } {
  if (!hasSetpriv()) return { file: spec.file, args: [...spec.args], asUser: true };
  const signal = (spec.parentDeathSignal ?? 'SIGKILL').replace('SIG', '');
  const user = spec.user ? [`--reuid=${spec.user.uid}`, `--regid=${spec.user.gid}`, '--clear-groups'] : [];
  const onlyIfParentLives = '[ "$PPID" = "$0" ] && exec "$@"';
  const shell = ['sh', '-c', onlyIfParentLives, String(process.pid), spec.file, ...spec.args];
  return { file: 'setpriv', args: [...user, '--pdeathsig', signal, '--', ...shell], asUser: false };
}

let setprivFound: boolean | undefined;

function hasSetpriv(): boolean {
  setprivFound ??=
    process.platform === 'linux' &&
    (spawnSync('setpriv', ['--help'], { encoding: 'utf8' }).stdout ?? '').includes('--pdeathsig');
  return setprivFound;
}
