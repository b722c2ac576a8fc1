import type { Answer } from '../engine/response-events.ts';

export interface Rightness {
  /** 0..1 */
  readonly componentRatio: number;
  /** 0..1; a cause is only right of the right component. */
  readonly causeRatio: number;
}

/** How much of the truth was named. Only the last answers count, as many as there are things broken: who guesses all is right in nothing more. */
export function rightnessOf(given: readonly Answer[], truth: readonly Answer[]): Rightness {
  const distinct = given.filter((answer, at) => !given.slice(at + 1).some((later) => isSame(answer, later)));
  const counted = distinct.slice(-truth.length);
  const share = (isRight: (one: Answer, of: Answer) => boolean) =>
    truth.length === 0 ? 0 : truth.filter((each) => counted.some((one) => isRight(one, each))).length / truth.length;
  return {
    componentRatio: share((one, of) => placeOf(one) === placeOf(of)),
    causeRatio: share(isSame),
  };
}

function isSame(one: Answer, other: Answer): boolean {
  return placeOf(one) === placeOf(other) && one.cause === other.cause;
}

/** The edge is nginx. */
function placeOf({ component }: Answer): string {
  return component === 'edge' ? 'nginx' : component;
}
