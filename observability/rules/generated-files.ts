import { basename } from 'node:path';
import { defaultDrillTimeScale, evaluationIntervalSeconds } from '#catalog/time-scale.ts';
import { parseSlo } from './parse.ts';
import { renderRules } from './render.ts';

/** What is committed of every SLO: the rules of production, and those of a drill. */
const variants = [
  { timeScale: 1, suffix: '' },
  { timeScale: defaultDrillTimeScale, suffix: `.scale-${defaultDrillTimeScale}` },
];

/**
 * The files under `observability/rules/generated`, paths from the root of the repository.
 * @throws SloError
 */
export function generatedRules(slos: readonly { readonly path: string; readonly text: string }[]) {
  return slos.flatMap(({ path, text }) => {
    const slo = parseSlo(text, path);
    return variants.map(({ timeScale, suffix }) => ({
      path: `observability/rules/generated/${basename(path, '.yaml')}${suffix}.yaml`,
      content: renderRules({
        slo,
        source: path,
        timeScale,
        evaluationIntervalSeconds: evaluationIntervalSeconds(timeScale),
      }),
    }));
  });
}
