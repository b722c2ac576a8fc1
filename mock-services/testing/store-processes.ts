import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unprivilegedUser } from '#runner/unprivileged-user.ts';
import { postgresSettings, type StoreBox, type StoreRuntime } from './store-runtime.ts';

export interface StoreTools {
  readonly postgres: string;
  readonly initdb: string;
  readonly valkey: string;
}

/** Stores as child processes, from the tools of the native stack. */
export function storeProcesses({ postgres, initdb, valkey }: StoreTools): StoreRuntime {
  return {
    async postgres(port) {
      const directory = mkdtempSync(join(tmpdir(), 'firedrill-test-postgres-'));
      const user = unprivilegedUser();
      if (user) chownSync(directory, user.uid, user.gid);
      const data = join(directory, 'data');
      const options = ['--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync', '--no-instructions'];
      execFileSync(initdb, ['-D', data, '-U', 'firedrill', ...options], { ...user, stdio: 'ignore' });
      const settings = ['unix_socket_directories=', ...postgresSettings].flatMap((setting) => ['-c', setting]);
      const command = [postgres, '-D', data, '-h', '127.0.0.1', '-p', String(port), ...settings];
      return box({ directory, command, user, stopSignal: 'SIGQUIT' });
    },
    async valkey(port, settings) {
      const directory = mkdtempSync(join(tmpdir(), 'firedrill-test-valkey-'));
      const own = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', directory];
      return box({ directory, command: [valkey, ...own, ...settings], user: undefined, stopSignal: 'SIGKILL' });
    },
  };
}

interface BoxSpec {
  readonly directory: string;
  readonly command: readonly string[];
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
  readonly stopSignal: NodeJS.Signals;
}

function box({ directory, command, user, stopSignal }: BoxSpec): StoreBox {
  let child: ChildProcess | undefined;
  const stop = async () => {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const exited = new Promise((resolve) => {
      ending.once('exit', resolve);
    });
    signalFamily(ending, 'SIGCONT');
    ending.kill(stopSignal);
    await exited;
  };
  return {
    async start() {
      const [file = '', ...args] = command;
      child = spawn(file, args, { ...user, cwd: directory, stdio: 'ignore' });
    },
    stop,
    freeze: async () => signalFamily(child, 'SIGSTOP'),
    thaw: async () => signalFamily(child, 'SIGCONT'),
    async [Symbol.asyncDispose]() {
      await stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Signals a process and then its children: each connection to PostgreSQL has one of its own. */
function signalFamily(parent: ChildProcess | undefined, signal: NodeJS.Signals): void {
  if (parent?.pid === undefined) return;
  parent.kill(signal);
  const processes = execFileSync('ps', ['-A', '-o', 'ppid=,pid='], { encoding: 'utf8' });
  for (const line of processes.trim().split('\n')) {
    const [parentId, id] = line.trim().split(/\s+/).map(Number);
    if (parentId === parent.pid && id !== undefined) signalIfThere(id, signal);
  }
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
