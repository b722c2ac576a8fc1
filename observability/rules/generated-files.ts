import { evaluationIntervalSeconds } from '#catalog/time-scale.ts';
import type { SourceFile } from '#documents/yaml.ts';
import { committedTimeScales, generatedPath } from './generated-path.ts';
import { parseOpenSlo } from './parse.ts';
import { renderRules } from './render.ts';

/**
 * The files under `observability/rules/generated`, paths from the root of the repository.
 * @throws SloError
 */
export function generatedRules(files: readonly SourceFile[]) {
  return parseOpenSlo(files).flatMap(({ slo, path }) =>
    committedTimeScales.map((timeScale) => ({
      path: generatedPath(slo.name, timeScale),
      content: renderRules({
        slo,
        source: path,
        timeScale,
        evaluationIntervalSeconds: evaluationIntervalSeconds(timeScale),
      }),
    })),
  );
}
