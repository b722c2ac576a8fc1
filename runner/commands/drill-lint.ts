import type { Command } from 'commander';
import type { Drill } from '#chaos/engine/drill.ts';
import { DrillError } from '#chaos/engine/drill-error.ts';
import { formatFault } from '#documents/fault.ts';
import { drillNames, loadDrillFile, refuse } from '../drill-file.ts';
import { queryProblems } from '../drill-problems.ts';
import { paint, say } from '../terminal.ts';
import { allTools, type Session } from './session.ts';

export function addDrillLint(drill: Command, session: Session): void {
  drill
    .command('lint')
    .description('what is wrong with drill files, by line; exit 1 when something is')
    .argument('[files...]', 'names in chaos/drills, or paths (default: all of chaos/drills)')
    .action(async (files: string[]) => {
      process.exitCode = await lint(files, session);
    });
}

async function lint(files: readonly string[], session: Session): Promise<number> {
  const names = files.length > 0 ? files : await drillNames();
  const { promtool } = await allTools(session, false, ['promtool']);
  const sound = [];
  for (const name of names) sound.push(await lintOne(name, promtool));
  return sound.every(Boolean) ? 0 : 1;
}

async function lintOne(name: string, promtool: string): Promise<boolean> {
  try {
    const file = await loadDrillFile(name);
    refuse(file, await queryProblems(file.drill, promtool));
    const left = unsaid(file.drill);
    const note = left.length > 0 ? `\n  • it leaves out ${left.join(', ')}: nobody can be judged by it` : '';
    say(`${paint.good('✓')} ${name}: ${file.drill.metadata.title}${note}`);
    return true;
  } catch (error) {
    if (!(error instanceof DrillError)) throw error;
    for (const fault of error.faults) say(`${paint.bad('✗')} ${formatFault(fault)}`);
    return false;
  }
}

/** What a drill may leave out that only `prove` plays. */
function unsaid({ answer, mitigations, hints, faults, runbook }: Drill): readonly string[] {
  return [
    ...(answer === undefined ? ['answer'] : []),
    ...(faults.length > 0 && mitigations.length === 0 ? ['mitigations'] : []),
    ...(hints.length === 0 ? ['hints'] : []),
    ...(faults.length > 0 && runbook === undefined ? ['runbook'] : []),
  ];
}
