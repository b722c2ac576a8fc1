import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shortestWindowSeconds } from '#catalog/time-scale.ts';
import type { Links } from '#observability/rules/links.ts';
import { SloError } from '#observability/rules/openslo/fault.ts';
import { generatedHeader, renderRules } from '#observability/rules/render.ts';
import { RunnerError } from '../errors.ts';
import { complain, say } from '../terminal.ts';
import { readSlosOrRefuse } from './files.ts';
import { faultsOf } from './lint.ts';
import { checkRules } from './promtool.ts';

export interface GenerateOptions extends Pick<Links, 'repository' | 'grafana'> {
  /** Standard output when absent. */
  readonly out?: string;
  /** Seconds between evaluations; default `productionIntervalSeconds` divided by the time scale. */
  readonly interval?: number;
  readonly timeScale: number;
}

/** How often to evaluate rules that look at windows of minutes and days. */
export const productionIntervalSeconds = 30;

/** @returns 0 when rules were made of every SLO, 1 when the lint refuses one and nothing was made */
export async function generate(paths: readonly string[], options: GenerateOptions): Promise<number> {
  const { out, timeScale, interval = productionIntervalSeconds / timeScale } = options;
  const longest = shortestWindowSeconds / timeScale;
  if (interval > longest) {
    const expected = `expected at most ${longest} s, the shortest window at time scale ${timeScale}`;
    throw new RunnerError(
      'USAGE',
      `--interval: ${expected}, because what lies between is never counted; found ${interval} s`,
    );
  }
  const sources = await readSlosOrRefuse(paths);
  const faults = sources.flatMap((source) => faultsOf(source, timeScale));
  if (faults.length > 0) {
    complain(new SloError(faults).message);
    return 1;
  }
  const links = { ...options, ownRunbooksOnly: true };
  const command = 'firedrill slo generate';
  const files = sources.map(({ slo, path }) => ({
    name: `${slo.name}.yaml`,
    rules: renderRules({ slo, source: path, timeScale, evaluationIntervalSeconds: interval, links, command }),
  }));
  const [first, ...others] = files;
  if (out === undefined && others.length > 0) {
    throw new RunnerError('USAGE', `--out: expected a folder for the rules of ${files.length} SLOs, found nothing`);
  }
  if (out !== undefined) await refuseToReplace(files.map(({ name }) => join(out, name)));
  complain(await checkRules(files.map(({ rules }) => rules)));
  if (out === undefined) process.stdout.write(first?.rules ?? '');
  else await writeAll(out, files);
  return 0;
}

/** People keep SLOs and rules in one folder, and name both after the SLO. */
async function refuseToReplace(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const before = await readFile(path, 'utf8').catch(() => undefined);
    if (before === undefined || before.startsWith(`# ${generatedHeader}`)) continue;
    throw new RunnerError('USAGE', `--out: expected a folder without ${path}, which was not generated`);
  }
}

async function writeAll(folder: string, files: readonly { name: string; rules: string }[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, rules } of files) {
    await writeFile(join(folder, name), rules);
    say(`wrote ${join(folder, name)}`);
  }
}
