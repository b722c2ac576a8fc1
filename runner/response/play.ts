import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Capsule } from '#chaos/capsule/capsule.ts';
import { collectCapsule } from '#chaos/capsule/collect.ts';
import { systemClock } from '#chaos/engine/clock.ts';
import type { Drill } from '#chaos/engine/drill.ts';
import { createLedger } from '#chaos/engine/ledger.ts';
import type { ResponseMode } from '#chaos/engine/response-events.ts';
import { runDrill } from '#chaos/engine/run.ts';
import { commitmentTo, truthOf } from '#chaos/engine/seal.ts';
import { recordData } from '#chaos/response/data-kept.ts';
import { openDesk } from '#chaos/response/desk.ts';
import { recordRules, systemClocks } from '#chaos/response/guards.ts';
import { respond } from '#chaos/response/respond.ts';
import { responderTarget } from '#chaos/response/responder-target.ts';
import type { ChosenRuntime } from '../commands/choose-runtime.ts';
import type { Session } from '../commands/session.ts';
import { slosOfStack } from '../rules.ts';
import { openStack } from '../stack.ts';
import { timedDirectory } from '../state.ts';
import { drillTarget } from '../target.ts';
import { deskRoutes } from './routes.ts';
import { openTerminal } from './terminal.ts';

export interface ResponseOrder {
  readonly drill: Drill;
  readonly mode: ResponseMode;
  readonly seed: string;
  readonly person: string;
  readonly webhook: string | undefined;
  readonly ports: number | 'free';
  readonly stateDirectory: string;
}

export interface PlayedRun {
  readonly capsule: Capsule;
  readonly directory: string;
}

/** Has a drill played by a person, on a stack of its own. Nothing on disk says what it is before it is over. */
export async function playResponse(order: ResponseOrder, run: Session & ChosenRuntime): Promise<PlayedRun> {
  const { drill, mode, seed, person, stateDirectory } = order;
  const { signal, progress, runtime, tools } = run;
  const truth = truthOf(drill, seed);
  const nonce = randomBytes(32).toString('hex');
  const commitment = commitmentTo(truth, nonce);

  await using stack = await openStack({
    ...drill.stack,
    databaseLatencyMs: drill.stack.databaseLatency * 1000,
    runtime,
    tools,
    ports: order.ports,
    stateDirectory,
    signal,
    progress,
  });
  stack.sealFaults();
  const directory = runDirectory(stateDirectory, mode);
  writeFileSync(join(directory, 'sealed.json'), `${JSON.stringify({ commitment }, undefined, 2)}\n`);
  const terminal = openTerminal({ ...order, stack, commitment });
  const ledger = createLedger(systemClock, (entry) => terminal.follow(entry, () => ledger.entries));
  stack.console.serve('/drill', deskRoutes(openDesk(drill, ledger)));
  const target = responderTarget(await drillTarget(stack, directory), ledger, systemClock);
  const drillRun = { target, ledger, clock: systemClock, seed, signal };
  const start = { mode, person, timeLimitSeconds: drill.timeLimit, commitment, budgetRequests: await budgetOf(drill) };
  try {
    await recordRules(drillRun);
    await recordData(drillRun);
    await progress.step('load, and a steady state to start from', async () => {
      terminal.waitFor(runDrill(drill, drillRun, respond({ start, clocks: systemClocks })));
      await terminal.begun;
    });
    await terminal.over;
    await recordData(drillRun);
  } finally {
    terminal.close();
  }
  ledger.append({ event: 'unsealed', truth, nonce });
  writeFileSync(join(directory, 'ledger.jsonl'), ledger.entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  return { capsule: await collectCapsule(drill, drillRun), directory };
}

/** How many failed requests spend the budget that the edge's objective leaves over its whole period, at the drill's rate. */
async function budgetOf({ load, stack }: Drill): Promise<number> {
  const slo = (await slosOfStack()).find(({ name }) => name === 'edge-availability');
  if (slo === undefined) return 0;
  return load.ratePerSecond * (slo.periodSeconds / stack.timeScale) * (1 - slo.target);
}

function runDirectory(stateDirectory: string, mode: ResponseMode): string {
  const directory = timedDirectory(stateDirectory, 'runs', mode);
  mkdirSync(directory, { recursive: true });
  return directory;
}
