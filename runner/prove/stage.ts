import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { collectCapsule } from '#chaos/capsule/collect.ts';
import { systemClock } from '#chaos/engine/clock.ts';
import type { Drill } from '#chaos/engine/drill.ts';
import { createLedger, entriesOf, type LedgerEntry, type Phase } from '#chaos/engine/ledger.ts';
import { runDrill } from '#chaos/engine/run.ts';
import { describeEntry } from '#chaos/engine/timeline-rows.ts';
import { episodeOf } from '#chaos/prove/episode.ts';
import { keepRun } from '../debrief.ts';
import type { Progress } from '../progress.ts';
import { type OpenStackOptions, openStack } from '../stack.ts';
import { drillTarget } from '../target.ts';
import type { Playing } from './kept-stage.ts';
import { aboutDrill, type PlannedEpisode, type Stage } from './play-all.ts';

export interface StageOptions
  extends Pick<OpenStackOptions, 'runtime' | 'tools' | 'ports' | 'stateDirectory' | 'onCrash'> {
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Each episode leaves its ledger in a folder of its own here, and its debrief when it did not hold. */
  readonly directory: string;
}

/** What a stack has to be for a drill; drills of one shape can share one. */
export function shapeOf({ stack }: Drill): string {
  return JSON.stringify(stack, Object.keys(stack).sort());
}

/** Starts a stack as this drill asks for it. */
export async function openStage(drill: Drill, options: StageOptions): Promise<Stage> {
  const { progress, signal, directory, ...place } = options;
  const stack = await progress.step('stack', (report) =>
    openStack({
      ...drill.stack,
      ...place,
      databaseLatencyMs: drill.stack.databaseLatency * 1000,
      signal,
      progress: toldOneByOne(report),
    }),
  );
  return {
    renew: () => stack.renewMonitoring(),
    play: (planned) =>
      progress.step(`${planned.order.drill}, ${planned.order.repetition}`, async (report) => {
        const folder = newFolder(directory, `${planned.order.drill}-${planned.order.repetition}`);
        const target = await drillTarget(stack, folder);
        return await playOnce(planned, { target, folder, signal, report });
      }),
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
}

interface Place {
  readonly target: Awaited<ReturnType<typeof drillTarget>>;
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly report: (detail: string) => void;
}

async function playOnce({ drill, order }: PlannedEpisode, { target, folder, signal, report }: Place): Promise<Playing> {
  const ledger = createLedger(systemClock, (entry) => {
    appendFileSync(join(folder, 'ledger.jsonl'), `${JSON.stringify(entry)}\n`);
    const told = describeEntry(entry);
    if (told) report(`${told.mark}: ${told.detail}`);
  });
  const run = { target, ledger, clock: systemClock, seed: order.seed, signal };
  await runDrill(drill, run);
  const episode = episodeOf(order, ledger.entries, aboutDrill(drill));
  // Why it did not hold is asked of a stack that still knows.
  if (episode.outcome !== 'held') keepRun(folder, await collectCapsule(drill, run));
  return { episode, wasWell: held(ledger.entries, 'before'), isWell: held(ledger.entries, 'after') };
}

function held(ledger: readonly LedgerEntry[], phase: Phase): boolean {
  return entriesOf(ledger, 'steady-state').some((proof) => proof.phase === phase && proof.held);
}

/** An episode that is played again, on another stack, has a folder of its own again. */
function newFolder(directory: string, name: string, again = 0): string {
  const folder = join(directory, again === 0 ? name : `${name}-again-${again}`);
  mkdirSync(directory, { recursive: true });
  try {
    mkdirSync(folder);
    return folder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return newFolder(directory, name, again + 1);
  }
}

/** The steps of a start as details of one: several stacks may start beside each other. */
function toldOneByOne(report: (detail: string) => void): Progress {
  return {
    expect: () => undefined,
    note: () => undefined,
    step: async (title, work) => {
      report(title);
      return await work(() => undefined);
    },
  };
}
