import type { Drill } from '#chaos/engine/drill.ts';
import { brokenEpisode, type Episode, type EpisodeOrder } from '#chaos/prove/episode.ts';
import type { TaskQueue } from './task-queue.ts';

/** One drill, to be played once. */
export interface PlannedEpisode {
  readonly order: EpisodeOrder;
  readonly drill: Drill;
}

/** A stack that episodes are played on, one after the other. */
export interface Stage extends AsyncDisposable {
  /** @throws Error when the harness fails */
  play(planned: PlannedEpisode): Promise<Playing>;
  /** Makes what watches forget. */
  renew(): Promise<void>;
}

export interface Playing {
  readonly episode: Episode;
  /** The stack was well before. */
  readonly wasWell: boolean;
  /** It is well again, so that another episode may follow. */
  readonly isWell: boolean;
}

export interface PlayAllDeps {
  readonly signal: AbortSignal;
  /** Starts a stack for this drill, and for those of the same shape. */
  open(drill: Drill): Promise<Stage>;
  done(episode: Episode): void;
  note(line: string): void;
}

/**
 * Plays what is left in the queue on one stack after the other: a stack serves as long as it is well and of the right shape. An
 * episode whose harness fails is broken, and the others go on. Returns when nothing is left, or on abort.
 */
export async function playAll(queue: TaskQueue<PlannedEpisode>, deps: PlayAllDeps): Promise<void> {
  let stage: Stage | undefined;
  let shape: string | undefined;
  const close = async (): Promise<void> => {
    const closing = stage;
    stage = undefined;
    try {
      await closing?.[Symbol.asyncDispose]();
    } catch (error) {
      deps.note(`a stack could not be ended: ${told(error)}`);
    }
  };

  try {
    for (let task = queue.next(shape); task && !deps.signal.aborted; task = queue.next(shape)) {
      if (task.shape !== shape) await close();
      shape = task.shape;
      const episode = await played(task.work);
      if (episode) deps.done(episode);
    }
  } finally {
    await close();
  }

  async function played(planned: PlannedEpisode): Promise<Episode | undefined> {
    try {
      return await onStage(planned);
    } catch (error) {
      if (deps.signal.aborted) return undefined;
      // Nobody knows what a stack is like whose harness failed.
      await close();
      return brokenEpisode(planned.order, told(error), aboutDrill(planned.drill));
    }
  }

  async function onStage(planned: PlannedEpisode): Promise<Episode> {
    const isUsed = stage !== undefined;
    stage ??= await deps.open(planned.drill);
    if (isUsed) await stage.renew();
    const { episode, wasWell, isWell } = await stage.play(planned);
    if (!isWell || !wasWell) await close();
    if (wasWell || !isUsed) return episode;
    // What was there before is not this drill's doing.
    deps.note(`${planned.order.drill}: the stack is not as it was at its start, so it is played on a new one`);
    return await onStage(planned);
  }
}

export function aboutDrill({ metadata, stack, expect }: Drill): Pick<Episode, 'title' | 'timeScale' | 'control'> {
  return { title: metadata.title, timeScale: stack.timeScale, control: expect.mustFire.length === 0 };
}

function told(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
