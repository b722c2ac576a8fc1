import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import type { Profile } from '#catalog/services.ts';
import { RunnerError } from '../errors.ts';
import { alreadyUp } from '../lock.ts';
import { lastLines } from '../process.ts';
import { openStack } from '../stack.ts';
import { isHeld, makeStateDirectory, readState } from '../state.ts';
import { paint, say } from '../terminal.ts';
import { chooseRuntime } from './choose-runtime.ts';
import { describeCrash } from './crash.ts';
import {
  freePortsOption,
  install,
  type PortOptions,
  portOffset,
  portsOf,
  type RuntimeOptions,
  replicas,
  runtime,
  type StateOptions,
  stateDirectory,
  timeScale,
  traceShare,
} from './options.ts';
import { describeTold } from './pages.ts';
import type { Session } from './session.ts';
import { describeUrls } from './urls.ts';

interface UpOptions extends PortOptions, RuntimeOptions, StateOptions {
  readonly profile: Profile;
  readonly timeScale: number;
  readonly replicas: number;
  readonly traceShare: number;
  readonly install?: boolean;
  readonly detach?: boolean;
}

export function addUp(program: Command, session: Session): void {
  program
    .command('up')
    .description('start the stack and keep it running until Ctrl-C or "firedrill down"')
    .addOption(
      new Option('--profile <name>', 'flaky: 15 and 20 % of requests fail; steady: none')
        .choices(['flaky', 'steady'])
        .default('flaky'),
    )
    .addOption(timeScale().default(1))
    .addOption(replicas())
    .addOption(traceShare())
    .addOption(runtime())
    .addOption(portOffset())
    .addOption(freePortsOption())
    .addOption(stateDirectory())
    .addOption(install())
    .option('-d, --detach', 'return once everything is ready')
    .action((options: UpOptions) =>
      options.detach ? upDetached(options.stateDirectory, session) : up(options, session),
    );
}

async function up(options: UpOptions, session: Session): Promise<void> {
  const startedAt = performance.now();
  const chosen = await chooseRuntime(options, session);
  await using stack = await openStack({
    ...session,
    ...options,
    ...chosen,
    ports: portsOf(options),
    onCrash: (crash) => say(paint.bad(describeCrash(crash))),
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  say(
    `\n${paint.good('Ready')} after ${seconds} s: ${stack.status().length} services, profile ${options.profile}, time scale ${options.timeScale}.\n`,
  );
  say(describeUrls(stack.options.ports, stack.status()));
  say(`\n${paint.faint('Ctrl-C or "firedrill down" ends it; "firedrill status" shows it.')}`);
  stack.notifications.listen((page) => say(describeTold(page)));
  await untilAborted(session.signal);
  say('\nStopping.');
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  // A timer keeps the process alive even when nothing else does.
  while (!signal.aborted) await delay(60_000, undefined, { signal }).catch(() => undefined);
}

/** The same command again as a process of its own; its words go to a file. */
async function upDetached(directory: string, { signal, progress }: Session): Promise<void> {
  const before = readState(directory);
  if (before && isHeld(before)) throw alreadyUp(before.runner);
  makeStateDirectory(directory);
  const logFile = join(directory, 'up.log');
  const log = openSync(logFile, 'w');
  const args = process.argv.slice(1).filter((argument) => argument !== '-d' && argument !== '--detach');
  const child = spawn(process.execPath, args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, FIREDRILL_LAUNCHER_PID: '' },
  });
  const ended = new Promise<true>((resolve) => child.once('exit', () => resolve(true)));
  const { options, services } = await progress.step('starting the stack', async () => {
    for (;;) {
      const state = readState(directory);
      if (state?.runner.pid === child.pid && state?.phase === 'up') return state;
      if (signal.aborted && child.pid) process.kill(child.pid, 'SIGTERM');
      const gone = await Promise.race([ended, delay(100)]);
      if (gone) throw new RunnerError('SERVICE_FAILED', `The stack did not start:\n${lastLines(logFile)}`);
    }
  });
  child.unref();
  say(describeUrls(options.ports, services));
}
