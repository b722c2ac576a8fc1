import { basename } from 'node:path';
import { evaluationIntervalSeconds } from '#catalog/time-scale.ts';
import { committedTimeScales, generatedPath } from './generated-path.ts';
import { parseSlo } from './parse.ts';
import { renderRules } from './render.ts';

/**
 * The files under `observability/rules/generated`, paths from the root of the repository.
 * @throws SloError
 */
export function generatedRules(slos: readonly { readonly path: string; readonly text: string }[]) {
  return slos.flatMap(({ path, text }) => {
    const slo = parseSlo(text, path);
    return committedTimeScales.map((timeScale) => ({
      path: generatedPath(basename(path, '.yaml'), timeScale),
      content: renderRules({
        slo,
        source: path,
        timeScale,
        evaluationIntervalSeconds: evaluationIntervalSeconds(timeScale),
      }),
    }));
  });
}
