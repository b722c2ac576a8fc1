import { basename } from 'node:path';
import { parseSlo } from './parse.ts';
import { renderRules } from './render.ts';

/** What is committed of every SLO: the rules of production, and those of a drill. */
const variants = [
  { timeScale: 1, evaluationIntervalSeconds: 15, suffix: '' },
  { timeScale: 60, evaluationIntervalSeconds: 0.5, suffix: '.scale-60' },
] as const;

/**
 * The files under `observability/rules/generated`, paths from the root of the repository.
 * @throws SloError
 */
export function generatedRules(slos: readonly { readonly path: string; readonly text: string }[]) {
  return slos.flatMap(({ path, text }) => {
    const slo = parseSlo(text, path);
    return variants.map(({ suffix, ...variant }) => ({
      path: `observability/rules/generated/${basename(path, '.yaml')}${suffix}.yaml`,
      content: renderRules({ slo, source: path, ...variant }),
    }));
  });
}
