import exec from 'k6/execution';
import { settings } from './settings.ts';

/**
 * A number from 0 to below `n`, fixed by the seed, by the number of the iteration and by which of its choices this is; without a
 * period: taken in turns, the pages would fall into step with a balancer that takes turns too, each replica would always get the
 * same ones, and one of two drills would see no black hole.
 */
export function choice(n: number, which = 0): number {
  return mixed(mixed(exec.scenario.iterationInTest ^ seed) + which) % n;
}

export function pick<T>(options: readonly T[], which = 0): T {
  return options[choice(options.length, which)] as T;
}

/** @source https://stackoverflow.com/a/12996028 */
function mixed(number: number): number {
  const once = Math.imul(number ^ (number >>> 16), 0x45d9f3b);
  const twice = Math.imul(once ^ (once >>> 16), 0x45d9f3b);
  return (twice ^ (twice >>> 16)) >>> 0;
}

const seed = [...settings.seed].reduce((sum, letter) => mixed(sum + letter.charCodeAt(0)), 0);
