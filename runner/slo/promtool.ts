import { execa } from 'execa';
import { RunnerError } from '../errors.ts';
import { findTool } from '../toolchain/find.ts';

/**
 * What promtool says of rule files, where there is a promtool; nothing is installed for it.
 * @returns a sentence on what was done
 * @throws RunnerError USAGE when it refuses one, as it does for selectors that are no PromQL
 */
export async function checkRules(files: readonly string[]): Promise<string> {
  const promtool = await findTool('promtool');
  if (promtool === undefined)
    return 'Not checked by promtool, which is not on this machine: "firedrill doctor" says how to get it.';
  for (const input of files) {
    const { failed, stderr } = await execa(promtool, ['check', 'rules', '--lint=all', '--lint-fatal'], {
      input,
      reject: false,
    });
    if (failed) throw new RunnerError('USAGE', `promtool refuses the rules:\n${stderr}`);
  }
  return 'Checked by promtool.';
}
