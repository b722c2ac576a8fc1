import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch } from '#runner/process.ts';
import { httpReady, untilReady } from '#runner/ready.ts';

export interface ServerSpec {
  readonly name: string;
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly port: number;
  /** Answers 2xx once the server is ready. */
  readonly readyPath: string;
  readonly cwd: string;
  /** Where its output goes. */
  readonly directory: string;
}

/** A server under test, in a process of its own. */
export interface ServerProcess extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  /** User and system time so far; Linux counts in hundredths of a second. */
  cpuSeconds(): number;
  /** Resident memory now, and at its highest so far. */
  memoryBytes(): number;
  peakMemoryBytes(): number;
}

export async function startServer(spec: ServerSpec, signal: AbortSignal): Promise<ServerProcess> {
  const { name, env, cwd, port } = spec;
  const [file = '', ...args] = spec.command;
  const logFile = join(spec.directory, `${name}.log`);
  const running = await launch({ name, file, args, env: { PORT: String(port), ...env }, cwd, logFile });
  const url = `http://127.0.0.1:${port}`;
  const patience = { name, process: running, logFile, timeoutSeconds: 30, signal };
  await untilReady(httpReady(`${url}${spec.readyPath}`), patience);
  const { pid } = running.identity;
  return {
    name,
    url,
    pid,
    cpuSeconds: () => cpuSeconds(pid),
    memoryBytes: () => statusBytes(pid, 'VmRSS'),
    peakMemoryBytes: () => statusBytes(pid, 'VmHWM'),
    async [Symbol.asyncDispose]() {
      await running.stop();
    },
  };
}

/** @source https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: fields 14 and 15, after the name in brackets */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** @source https://man7.org/linux/man-pages/man5/proc_pid_status.5.html: in kB */
function statusBytes(pid: number, field: 'VmHWM' | 'VmRSS'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return 1024 * Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]);
}
