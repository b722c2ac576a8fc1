import { setTimeout as delay } from 'node:timers/promises';
import { type Exit, launch, type RunningProcess } from '../../process.ts';
import type { ProcessIdentity } from '../../process-identity.ts';
import { untilReady } from '../../ready.ts';
import type { ServiceStatus } from '../runtime.ts';
import type { NativeContext, NativeService } from './service.ts';

const restartDelayMs = 500;
const readinessTimeoutSeconds = 60;

/** One service kept running: it comes back after a crash when its description says so. */
export interface Supervised {
  readonly name: NativeService['name'];
  state(): ServiceStatus['state'];
  identity(): ProcessIdentity;
  restarts(): number;
  stop(): Promise<void>;
}

export interface SuperviseEvents {
  /** A process of this service was started: the first or a later one. */
  started(service: NativeService, identity: ProcessIdentity): void;
  /** It ended although nobody asked it to: what comes back by itself ends with code 0 only when it was asked. */
  crashed(service: NativeService, exit: Exit): void;
}

/** Starts a service and resolves when it is ready for the first time. */
export async function supervise(
  service: NativeService,
  context: NativeContext,
  events: SuperviseEvents,
): Promise<Supervised> {
  const stopping = new AbortController();
  const signal = AbortSignal.any([context.signal, stopping.signal]);
  let state: ServiceStatus['state'] = 'starting';
  let restarts = 0;
  let current = await start();
  await untilServing(readinessTimeoutSeconds);
  const watching = watch();
  return { name: service.name, state: () => state, identity: () => current.identity, restarts: () => restarts, stop };

  async function start(): Promise<RunningProcess> {
    const logFile = context.logFile(service.name);
    const command = service.command(context);
    return await launch({ name: service.name, cwd: context.directory(service.name), logFile, ...command });
  }

  async function untilServing(timeoutSeconds: number): Promise<void> {
    try {
      events.started(service, current.identity);
      const logFile = context.logFile(service.name);
      await untilReady(service.ready(context), {
        name: service.name,
        process: current,
        logFile,
        timeoutSeconds,
        signal,
      });
    } catch (error) {
      await current.stop();
      throw error;
    }
    state = 'ready';
  }

  async function watch(): Promise<void> {
    while (!signal.aborted) {
      const exit = await current.exited;
      if (signal.aborted) return;
      state = 'stopped';
      // Part of it may go on: nginx' workers outlive their master, and serve.
      await current.stop();
      tell(exit);
      if (!service.restarts) return;
      await comeBack(wasAsked(exit) ? 0 : restartDelayMs);
    }
  }

  function wasAsked(exit: Exit): boolean {
    return service.restarts === true && exit.code === 0;
  }

  function tell(exit: Exit): void {
    if (!wasAsked(exit)) events.crashed(service, exit);
  }

  async function comeBack(firstDelayMs: number): Promise<void> {
    for (let delayMs = firstDelayMs; !signal.aborted; delayMs = restartDelayMs) {
      restarts += 1;
      state = 'restarting';
      await delay(delayMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        current = await start();
        // What it waits for may have ended too: there is nobody to give up for.
        await untilServing(Number.POSITIVE_INFINITY);
        return;
      } catch {
        // A crash loop is a lesson, not an error: keep trying.
        if (!signal.aborted) tell(await current.exited);
      }
    }
  }

  async function stop(): Promise<void> {
    stopping.abort();
    await current.stop();
    // A restart that was under way may have put another process in its place.
    await watching;
    await current.stop();
    state = 'stopped';
  }
}
