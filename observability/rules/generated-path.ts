import { defaultDrillTimeScale } from '#catalog/time-scale.ts';

/** Rules are committed as production has them, and as a drill has them. */
export const committedTimeScales = [1, defaultDrillTimeScale] as const;

/** Where the rules of this name are committed, from the root of the repository. */
export function generatedPath(name: string, timeScale: number): string {
  return `observability/rules/generated/${name}${timeScale === 1 ? '' : `.scale-${timeScale}`}.yaml`;
}
