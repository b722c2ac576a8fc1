import type { Drill } from '#chaos/engine/drill.ts';
import { brokenEpisode, type Episode, type EpisodeOrder } from '#chaos/prove/episode.ts';
import { keepStage, type Playing } from './kept-stage.ts';
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
  await using kept = keepStage<Stage>((error) => deps.note(`a stack could not be ended: ${told(error)}`));
  let shape: string | undefined;
  for (let task = queue.next(shape); task && !deps.signal.aborted; task = queue.next(shape)) {
    shape = task.shape;
    const episode = await played(task.work, task.shape);
    if (episode) deps.done(episode);
  }

  async function played(planned: PlannedEpisode, ofShape: string): Promise<Episode | undefined> {
    try {
      return await kept.play({
        shape: ofShape,
        open: () => deps.open(planned.drill),
        play: async (stage, isUsed) => {
          if (isUsed) await stage.renew();
          return await stage.play(planned);
        },
        onAgain: () =>
          deps.note(`${planned.order.drill}: the stack is not as it was at its start, so it is played on a new one`),
      });
    } catch (error) {
      if (deps.signal.aborted) return undefined;
      return brokenEpisode(planned.order, told(error), aboutDrill(planned.drill));
    }
  }
}

export function aboutDrill({ metadata, stack, expect }: Drill): Pick<Episode, 'title' | 'timeScale' | 'control'> {
  return { title: metadata.title, timeScale: stack.timeScale, control: expect.mustFire.length === 0 };
}

function told(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
