import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { defaultDrillTimeScale } from '#catalog/time-scale.ts';
import { drillJsonSchema } from '#chaos/engine/drill.ts';
import { generatedNginx } from '#nginx/generated-files.ts';
import { generatedRules } from '#observability/rules/generated-files.ts';
import { lintSlo } from '#observability/rules/lint.ts';
import { parseSlo } from '#observability/rules/parse.ts';
import { projectFile } from './project.ts';
import { sloFiles } from './rules.ts';

export interface GeneratedFile {
  /** From the root of the project. */
  readonly path: string;
  readonly content: string;
}

/**
 * Every file of the project that is made from another one.
 * @throws SloError when an SLO cannot be alerted on.
 */
async function generatedFiles(): Promise<readonly GeneratedFile[]> {
  const slos = await sloFiles();
  const exists = (file: string) => existsSync(projectFile(file));
  for (const { path, text } of slos) {
    const slo = parseSlo(text, path);
    for (const timeScale of [1, defaultDrillTimeScale]) lintSlo({ slo, file: path, timeScale, exists });
  }
  return [
    ...generatedRules(slos),
    ...generatedNginx(),
    { path: 'chaos/drills/drill.schema.json', content: `${JSON.stringify(drillJsonSchema(), undefined, 2)}\n` },
  ];
}

/** Those whose committed text is not what their source gives. */
export async function staleFiles(): Promise<readonly GeneratedFile[]> {
  const files = await generatedFiles();
  const committed = await Promise.all(
    files.map(({ path }) => readFile(projectFile(path), 'utf8').catch(() => undefined)),
  );
  return files.filter(({ content }, index) => content !== committed[index]);
}
