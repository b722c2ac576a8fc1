import { explainSlo } from '#observability/rules/explain.ts';
import { paint, say } from '../terminal.ts';
import { renderExplanation } from './explanation.ts';
import { readSlosOrRefuse } from './files.ts';

export interface ExplainOptions {
  /** Default: 1 %, 10 %, 100 %. */
  readonly errorRatio?: readonly number[];
  readonly json?: boolean;
  readonly timeScale: number;
}

const defaultErrorRatios = [0.01, 0.1, 1];

export async function explain(paths: readonly string[], options: ExplainOptions): Promise<void> {
  const { errorRatio: errorRatios = defaultErrorRatios, json, timeScale } = options;
  const explained = (await readSlosOrRefuse(paths)).map(({ slo, path }) => ({
    path,
    ...explainSlo({ slo, timeScale, errorRatios }),
  }));
  if (json) return say(JSON.stringify(explained, undefined, 2));
  for (const explanation of explained) say(`${renderExplanation(explanation, explanation.path, paint)}\n`);
  say(
    paint.faint(
      'At steady traffic, after a period without errors. Scrape, evaluation and the grouping of alerts come on top.',
    ),
  );
}
