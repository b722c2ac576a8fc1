import { RunnerError } from '../errors.ts';
import { placeOfStack } from '../load/own-stack.ts';
import { openStack } from '../stack.ts';
import { isHeld, readState } from '../state.ts';
import { chooseRuntime } from './choose-runtime.ts';
import { describeCrash } from './crash.ts';
import { type PortOptions, portsOf, type RuntimeOptions, type StateOptions } from './options.ts';
import type { Session } from './session.ts';

export interface GatePlaceOptions extends PortOptions, RuntimeOptions, StateOptions {
  readonly target?: string;
  readonly prometheus?: string;
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

/** Where the load goes: the target that was named, the stack that runs, or one that is started for it. @throws RunnerError */
export async function gatePlace(options: GatePlaceOptions, session: Session): Promise<GatePlace> {
  const { target, prometheus, maxDuration } = options;
  const { FIREDRILL_TOKEN: token } = process.env;
  if (target !== undefined) return { ...nothingToEnd, targetUrl: target, countsUrl: prometheus, token };
  if (prometheus !== undefined) {
    throw new RunnerError(
      'USAGE',
      `--prometheus: expected only with --target, a stack brings its own (got "${prometheus}")`,
    );
  }
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

const nothingToEnd: AsyncDisposable = { [Symbol.asyncDispose]: async () => undefined };
