import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { defaultDrillTimeScale } from '#catalog/time-scale.ts';
import { drillJsonSchema } from '#chaos/engine/drill.ts';
import { renderFaultsDocument } from '#chaos/faults/document.ts';
import { generatedCompose } from '#compose/generated-files.ts';
import { generatedDashboards } from '#dashboards/generated-files.ts';
import { generatedObjectives } from '#load-tests/thresholds.ts';
import { generatedNginx } from '#nginx/generated-files.ts';
import { generatedAlerts } from '#observability/alerts/generated-files.ts';
import { generatedRules } from '#observability/rules/generated-files.ts';
import { SloError } from '#observability/rules/openslo/fault.ts';
import { lintOwnSlo } from '#observability/rules/own-lint.ts';
import { parseOpenSlo } from '#observability/rules/parse.ts';
import { projectFile } from './project.ts';
import { rulesOfStack, sloFiles, slosOfStack } from './rules.ts';

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
  const faults = parseOpenSlo(slos).flatMap((source) =>
    [1, defaultDrillTimeScale].flatMap((timeScale) => lintOwnSlo({ ...source, timeScale, exists })),
  );
  if (faults.length > 0) throw new SloError(faults);
  const objectives = await slosOfStack();
  return [
    ...generatedRules(slos),
    ...generatedAlerts(),
    ...generatedNginx(),
    ...generatedDashboards(),
    ...generatedObjectives(objectives),
    ...generatedCompose({ slos: objectives, rules: await rulesOfStack(1) }),
    { path: 'docs/faults.md', content: renderFaultsDocument() },
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
