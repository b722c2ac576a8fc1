import type { Episode } from '#chaos/prove/episode.ts';

export interface Playing {
  readonly episode: Episode;
  /** The stack was well before. */
  readonly wasWell: boolean;
  /** It is well again, so that another episode may follow. */
  readonly isWell: boolean;
}

/** A stack that is wanted: its shape, how it is started, and what is played on it. */
export interface Turn<Stage> {
  readonly shape: string;
  open(): Promise<Stage>;
  /** `isUsed`: something was played on it before. @throws Error when the harness fails: then nobody knows what the stack is like */
  play(stage: Stage, isUsed: boolean): Promise<Playing>;
  /** What was wrong before is not this turn's doing: it is played on a new one. */
  onAgain?(): void;
}

export interface KeptStage<Stage> extends AsyncDisposable {
  play(turn: Turn<Stage>): Promise<Episode>;
}

/** One stack at a time: it serves as long as it is well and of the right shape. `onLost` gets why one could not be ended. */
export function keepStage<Stage extends AsyncDisposable>(onLost: (error: unknown) => void): KeptStage<Stage> {
  let stage: Stage | undefined;
  let shape: string | undefined;
  const close = async (): Promise<void> => {
    const closing = stage;
    stage = undefined;
    try {
      await closing?.[Symbol.asyncDispose]();
    } catch (error) {
      onLost(error);
    }
  };
  const play = async (turn: Turn<Stage>): Promise<Episode> => {
    if (turn.shape !== shape) await close();
    shape = turn.shape;
    const isUsed = stage !== undefined;
    let playing: Playing;
    try {
      stage ??= await turn.open();
      playing = await turn.play(stage, isUsed);
    } catch (error) {
      await close();
      throw error;
    }
    const { episode, wasWell, isWell } = playing;
    if (!wasWell || !isWell) await close();
    if (wasWell || !isUsed) return episode;
    turn.onAgain?.();
    return await play(turn);
  };
  return { play, [Symbol.asyncDispose]: close };
}
