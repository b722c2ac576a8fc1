import type { TextFault } from '#documents/fault.ts';
import { lintSlo } from '#observability/rules/lint.ts';
import { SloError } from '#observability/rules/openslo/fault.ts';
import type { SloSource } from '#observability/rules/parse.ts';
import { unsaid } from '#observability/rules/unsaid.ts';
import { pairName } from '#observability/rules/window.ts';
import { paint, say } from '../terminal.ts';
import { existsBeside, readSlos } from './files.ts';

/** @returns 0 when every SLO is sound, else 1 */
export async function lint(paths: readonly string[], timeScale: number): Promise<number> {
  const sources = await readOrSay(paths);
  if (sources === undefined) return 1;
  const faults = sources.map((source) => ({ source, faults: faultsOf(source, timeScale) }));
  for (const each of faults) say(each.faults.length > 0 ? sayFaults(each.faults) : saySound(each.source));
  return faults.every((each) => each.faults.length === 0) ? 0 : 1;
}

/** A file may hold many SLOs: each fault names its own. */
export function faultsOf(source: SloSource, timeScale: number): readonly TextFault[] {
  const { slo, path } = source;
  const faults = lintSlo({ ...source, timeScale, exists: existsBeside(path) });
  return faults.map((fault) => ({ ...fault, file: `${path}: ${slo.service}/${slo.name}` }));
}

async function readOrSay(paths: readonly string[]): Promise<readonly SloSource[] | undefined> {
  try {
    return await readSlos(paths);
  } catch (error) {
    if (!(error instanceof SloError)) throw error;
    say(sayFaults(error.faults));
    return undefined;
  }
}

function sayFaults(faults: readonly TextFault[]): string {
  return new SloError(faults).message
    .split('\n')
    .map((line) => `${paint.bad('✗')} ${line}`)
    .join('\n');
}

function saySound({ slo, path }: SloSource): string {
  const alerts = slo.tiers.map(({ severity, pairs }) => `${severity} on ${pairs.map(pairName).join(', ')}`).join('; ');
  const left = unsaid(slo);
  const note = left.length > 0 ? `\n  • it leaves out ${left.join(', ')}: its alerts cannot say them` : '';
  const chance = left.includes('requests-per-second') ? ', and whether chance fires them is not known' : '';
  return `${paint.good('✓')} ${path}: ${slo.service}/${slo.name} is sound: ${alerts}${note}${chance}`;
}
