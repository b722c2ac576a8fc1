import { dirname, resolve } from 'node:path';
import { RunnerError } from '../errors.ts';
import { startForeign } from '../gate/foreign.ts';
import { placeOfStack } from '../load/own-stack.ts';
import { openStack } from '../stack.ts';
import { isHeld, makeStateDirectory, readState } from '../state.ts';
import { chooseRuntime } from './choose-runtime.ts';
import { describeCrash } from './crash.ts';
import { type PortOptions, portsOf, type RuntimeOptions, type StateOptions } from './options.ts';
import { allTools, type Session } from './session.ts';

export interface GatePlaceOptions extends PortOptions, RuntimeOptions, StateOptions {
  readonly target?: string;
  readonly prometheus?: string;
  readonly start?: string;
  readonly prometheusConfig?: string;
  readonly config?: string;
  readonly maxDuration: number;
  readonly replicas: number;
  readonly timeScale: number;
  readonly install?: boolean;
}

export interface GatePlace extends AsyncDisposable {
  readonly targetUrl: string;
  /** Counts the SLIs. */
  readonly countsUrl?: string | undefined;
  /** Gets what k6 measures. */
  readonly prometheusUrl?: string | undefined;
  readonly token?: string | undefined;
}

/** Where the load goes: the target that was named, or started for it, the stack that runs, or one that is started for it. @throws RunnerError */
export async function gatePlace(options: GatePlaceOptions, directory: string, session: Session): Promise<GatePlace> {
  const { target, maxDuration } = options;
  const { FIREDRILL_TOKEN: token } = process.env;
  refuseUnused(options);
  if (target !== undefined) return { ...(await foreignPlace(target, options, directory, session)), token };
  const state = readState(options.stateDirectory);
  if (state?.phase === 'up' && isHeld(state)) {
    const own = await placeOfStack(state, maxDuration);
    return { ...nothingToEnd, ...own, countsUrl: own.prometheusUrl, token: token ?? own.token };
  }
  const chosen = await chooseRuntime(options, session);
  const stack = await openStack({
    ...session,
    ...chosen,
    profile: 'steady',
    timeScale: options.timeScale,
    replicas: options.replicas,
    stateDirectory: options.stateDirectory,
    ports: portsOf(options),
    onCrash: (crash) => session.progress.note(describeCrash(crash)),
  });
  const own = await placeOfStack(stack, maxDuration);
  return {
    ...own,
    countsUrl: own.prometheusUrl,
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
}

/** @throws RunnerError USAGE where something would do nothing */
function refuseUnused({ target, prometheus, start, prometheusConfig }: GatePlaceOptions): void {
  const given = { '--prometheus': prometheus, '--start': start, '--prometheus-config': prometheusConfig };
  for (const [option, value] of Object.entries(given)) {
    if (target !== undefined || value === undefined) continue;
    throw new RunnerError('USAGE', `${option}: expected only with --target, a stack brings its own (got "${value}")`);
  }
  if (prometheus === undefined || prometheusConfig === undefined) return;
  throw new RunnerError('USAGE', `--prometheus: expected only without --prometheus-config (got "${prometheus}")`);
}

async function foreignPlace(
  targetUrl: string,
  { prometheus: countsUrl, start, prometheusConfig, config }: GatePlaceOptions,
  directory: string,
  session: Session,
): Promise<GatePlace> {
  if (start === undefined && prometheusConfig === undefined) return { ...nothingToEnd, targetUrl, countsUrl };
  const tools = prometheusConfig === undefined ? undefined : await allTools(session, false, ['prometheus']);
  makeStateDirectory(directory);
  const folder = config === undefined ? process.cwd() : dirname(resolve(config));
  const order = { targetUrl, start, prometheusConfig: prometheusConfig && resolve(prometheusConfig), folder };
  const started = await startForeign(order, { ...session, directory, prometheus: tools?.prometheus });
  return {
    targetUrl,
    countsUrl: countsUrl ?? started.prometheusUrl,
    [Symbol.asyncDispose]: () => started[Symbol.asyncDispose](),
  };
}

const nothingToEnd: AsyncDisposable = { [Symbol.asyncDispose]: async () => undefined };
