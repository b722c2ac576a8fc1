import { hash } from 'node:crypto';

export interface DelayArgs {
  readonly distribution: 'fixed' | 'normal' | 'heavy-tail';
  readonly delayMs: number;
  readonly spreadMs: number;
}

export interface DelaySeed {
  readonly seed: string;
  readonly instance: string;
}

/** No delay is longer: a heavy tail has no end of its own. */
export const longestDelayMs = 30_000;

/** Few enough are very long that the mean is three times the median, and that no number of them says what the variance is. */
const paretoShape = 1.5;

/** The delay of each request in milliseconds, a function of seed, replica and the request's number alone. */
export function createDelays(args: DelayArgs, { seed, instance }: DelaySeed): (index: number) => number {
  const draw = (index: number): readonly [number, number] => uniforms([seed, instance, String(index)]);
  const delay = delayOf[args.distribution];
  return (index) => Math.min(longestDelayMs, Math.max(0, Math.round(delay(args, draw(index)))));
}

const delayOf: Readonly<
  Record<DelayArgs['distribution'], (args: DelayArgs, drawn: readonly [number, number]) => number>
> = {
  fixed: ({ delayMs }) => delayMs,
  /** @source https://en.wikipedia.org/wiki/Box%E2%80%93Muller_transform */
  normal: ({ delayMs, spreadMs }, [one, other]) =>
    delayMs + spreadMs * Math.sqrt(-2 * Math.log(one)) * Math.cos(2 * Math.PI * other),
  /** @source https://en.wikipedia.org/wiki/Pareto_distribution#Generating_a_random_sample_from_Pareto_distribution */
  'heavy-tail': ({ delayMs }, [one]) => (delayMs / 2 ** (1 / paretoShape)) * one ** (-1 / paretoShape),
};

/** Two numbers in (0, 1]. */
function uniforms(key: readonly string[]): readonly [number, number] {
  const digest = hash('sha256', JSON.stringify(key), 'hex');
  const digits = 13;
  const at = (start: number) => (Number.parseInt(digest.slice(start, start + digits), 16) + 1) / 16 ** digits;
  return [at(0), at(digits)];
}
