import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ActiveFault, FaultOrder } from '#catalog/control.ts';
import { freePort } from '#runner/preflight.ts';
import type { DatabaseAddress } from '../adapters/postgres/postgres.ts';
import { tokenSecret } from './tokens.ts';

export interface ReplicaOptions {
  readonly database: DatabaseAddress;
  readonly cachePort: number;
  /** That of the cache when absent. */
  readonly queuePort?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** A backend in a process of its own, as the runner starts it. */
export interface Replica extends AsyncDisposable {
  readonly url: string;
  readonly control: Control;
  readonly process: ChildProcess;
  /** Standard output so far, one object a line. */
  logLines(): readonly LogLine[];
  /** Resolves with code and signal. */
  readonly exited: Promise<readonly [number | null, NodeJS.Signals | null]>;
}

export type LogLine = Readonly<Record<string, unknown>>;

/** The control port, asked as an injector does. */
export interface Control {
  readonly url: string;
  readonly token: string;
  inject(id: string, order: FaultOrder): Promise<ActiveFault>;
  list(): Promise<readonly ActiveFault[]>;
  call(method: string, path: string, body?: unknown): Promise<Response>;
}

const main = fileURLToPath(new URL('../backend/main.ts', import.meta.url));
const token = 'a token for tests only';

/** Starts a replica; it may not be ready yet. */
export async function startReplica({
  database,
  cachePort,
  queuePort = cachePort,
  env = {},
}: ReplicaOptions): Promise<Replica> {
  const [port, controlPort] = [await freePort(), await freePort()];
  const child = spawn(process.execPath, [main], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      INSTANCE: 'backend-1',
      PORT: String(port),
      DB_HOST: database.host,
      DB_PORT: String(database.port),
      DB_NAME: database.database,
      DB_USER: database.user,
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: String(cachePort),
      QUEUE_PORT: String(queuePort),
      JWT_SECRET: tokenSecret,
      CONTROL_PORT: String(controlPort),
      CONTROL_TOKEN: token,
      CHAOS_ENABLED: 'on',
      ...env,
    },
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const exited = new Promise<readonly [number | null, NodeJS.Signals | null]>((resolve) => {
    child.once('close', (code, signal) => resolve([code, signal]));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    control: createControl(`http://127.0.0.1:${controlPort}`),
    process: child,
    logLines: () => output.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as LogLine])),
    exited,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function createControl(url: string): Control {
  const call = (method: string, path: string, body?: unknown) =>
    fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return {
    url,
    token,
    call,
    async inject(id, order) {
      const response = await call('PUT', `/faults/${id}`, order);
      if (!response.ok) throw new Error(await response.text());
      return (await response.json()) as ActiveFault;
    },
    async list() {
      const response = await call('GET', '/faults');
      return ((await response.json()) as { active: ActiveFault[] }).active;
    },
  };
}
