import { setTimeout as delay } from 'node:timers/promises';
import { oneByOne } from '../../one-by-one.ts';
import { type Exit, launch, type RunningProcess } from '../../process.ts';
import { familyOf, isAlive, type ProcessIdentity } from '../../process-identity.ts';
import { untilReady } from '../../ready.ts';
import type { ServiceStatus } from '../runtime.ts';
import type { NativeContext, NativeService } from './service.ts';

const restartDelayMs = 500;
const readinessTimeoutSeconds = 60;
/** As the engine of the containers waits for a replica, which finishes what it has begun for up to 30 s. */
const replicaSeconds = 40;
const otherSeconds = 5;
/** What is paused cannot end in order: it is not waited for. */
const pausedSeconds = 0.5;

/** One service kept running: it comes back after a crash when its description says so. */
export interface Supervised {
  readonly name: NativeService['name'];
  state(): ServiceStatus['state'];
  identity(): ProcessIdentity;
  restarts(): number;
  /** Sends it to the first process of the service, if there is one. */
  signal(name: NodeJS.Signals): void;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Keeps its processes from running; what others send it waits. */
  pause(): void;
  resume(): void;
  /** Stays down until it is started; does nothing when it is down. */
  stop(how: 'in order' | 'at once'): Promise<void>;
  /** Resolves when its process is there; does nothing when it is. */
  start(): Promise<void>;
  /** In order, with this added to its environment instead of what was added before. */
  restart(environment?: Readonly<Record<string, string>>): Promise<void>;
  /** For good. */
  end(): Promise<void>;
}

export interface SuperviseEvents {
  /** A process of this service was started: the first or a later one. */
  started(service: NativeService, identity: ProcessIdentity): void;
  /** It ended although nobody asked it to: what comes back by itself ends with code 0 only when it was asked. */
  crashed(service: NativeService, exit: Exit): void;
  changed(service: NativeService, state: ServiceStatus['state']): void;
}

/** Starts a service and resolves when it is ready for the first time. */
export async function supervise(
  service: NativeService,
  context: NativeContext,
  events: SuperviseEvents,
): Promise<Supervised> {
  const ending = new AbortController();
  const { begin: newLife, ...life } = lives([context.signal, ending.signal]);
  let state: ServiceStatus['state'] = 'starting';
  let beforePause: ServiceStatus['state'] = 'ready';
  let restarts = 0;
  let environment: Readonly<Record<string, string>> = {};
  let current = await start();
  await untilServing(readinessTimeoutSeconds, life.signal());
  let watching = watch(life.signal());
  const inTurn = oneByOne();

  return {
    name: service.name,
    state: () => state,
    identity: () => current.identity,
    restarts: () => restarts,
    signal,
    kill: async () => {
      const { exited } = current;
      signal('SIGKILL');
      await exited;
    },
    pause: () => {
      if (state === 'stopped' || state === 'paused') return;
      beforePause = state;
      signalFamily('SIGSTOP');
      become('paused');
    },
    resume,
    stop: (how) => inTurn(() => halt(how === 'at once' ? 0 : patienceSeconds())),
    start: () => inTurn(async () => (state === 'stopped' ? await begin() : undefined)),
    restart: (wanted) =>
      inTurn(async () => {
        await halt(patienceSeconds());
        environment = wanted ?? environment;
        await begin();
      }),
    end: async () => {
      ending.abort();
      resume();
      await halt(otherSeconds);
    },
  };

  async function start(): Promise<RunningProcess> {
    const logFile = context.logFile(service.name);
    const command = service.command(context);
    const env = { ...command.env, ...environment };
    return await launch({ name: service.name, cwd: context.directory(service.name), logFile, ...command, env });
  }

  async function untilServing(timeoutSeconds: number, signal: AbortSignal): Promise<void> {
    const process = current;
    try {
      events.started(service, process.identity);
      const logFile = context.logFile(service.name);
      await untilReady(service.ready(context), { name: service.name, process, logFile, timeoutSeconds, signal });
    } catch (error) {
      await process.stop();
      throw error;
    }
    become('ready');
  }

  async function watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const exit = await current.exited;
      if (signal.aborted) return;
      become('stopped');
      // Part of it may go on: nginx' workers outlive their master, and serve.
      await current.stop();
      tell(exit);
      if (!service.restarts) return;
      await comeBack(wasAsked(exit) ? 0 : restartDelayMs, signal);
    }
  }

  function wasAsked(exit: Exit): boolean {
    return service.restarts === true && exit.code === 0;
  }

  function tell(exit: Exit): void {
    if (!wasAsked(exit)) events.crashed(service, exit);
  }

  async function comeBack(firstDelayMs: number, signal: AbortSignal, launched?: () => void): Promise<void> {
    for (let delayMs = firstDelayMs; !signal.aborted; delayMs = restartDelayMs) {
      restarts += 1;
      become('restarting');
      if (delayMs > 0) await delay(delayMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        current = await start();
        launched?.();
        // What it waits for may have ended too: there is nobody to give up for.
        await untilServing(Number.POSITIVE_INFINITY, signal);
        return;
      } catch {
        // A crash loop is a lesson, not an error: keep trying.
        if (signal.aborted) return;
        tell(await current.exited);
        if (service.restarts) continue;
        become('stopped');
        return;
      }
    }
  }

  async function begin(): Promise<void> {
    // It may be about to come back by itself.
    life.end();
    await watching;
    const signal = newLife();
    const launched = Promise.withResolvers<void>();
    watching = comeBack(0, signal, launched.resolve).then(() => watch(signal));
    await Promise.race([launched.promise, watching]);
  }

  function patienceSeconds(): number {
    if (state === 'paused') return pausedSeconds;
    return service.restarts ? replicaSeconds : otherSeconds;
  }

  async function halt(seconds: number): Promise<void> {
    life.end();
    if (seconds === 0) signal('SIGKILL');
    await current.stop(seconds);
    // A restart that was under way may have put another process in its place.
    await watching;
    await current.stop(seconds);
    become('stopped');
  }

  function resume(): void {
    if (state !== 'paused') return;
    signalFamily('SIGCONT');
    become(beforePause);
  }

  function become(next: ServiceStatus['state']): void {
    if (state === next) return;
    state = next;
    events.changed(service, next);
  }

  function signal(name: NodeJS.Signals): void {
    if (isAlive(current.identity)) send(current.identity.pid, name);
  }

  function signalFamily(name: NodeJS.Signals): void {
    for (const pid of familyOf(current.identity)) send(pid, name);
  }
}

function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has just ended.
  }
}

/** One after the other, from a start to the wish for its end. */
function lives(outer: readonly AbortSignal[]) {
  let own = new AbortController();
  let signal = AbortSignal.any([...outer, own.signal]);
  return {
    signal: () => signal,
    end: () => own.abort(),
    begin: () => {
      own = new AbortController();
      signal = AbortSignal.any([...outer, own.signal]);
      return signal;
    },
  };
}
