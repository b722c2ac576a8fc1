import type { Command } from 'commander';
import { defaultPolicy } from '#load-tests/gate/objective.ts';
import { type GateOutputOptions, gateOutputs } from '../gate/outputs.ts';
import { renderGate } from '../gate/table.ts';
import { readK6Arguments } from '../k6/arguments.ts';
import { runK6 } from '../k6/run.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { paint, say } from '../terminal.ts';
import { gateOutputFlags, type PolicyOptions, policyOptions } from './gate-options.ts';
import { allTools, type Session } from './session.ts';

type RunOptions = GateOutputOptions & PolicyOptions;

export function addRun(program: Command, session: Session): void {
  const command = program
    .command('run')
    .usage('[flags of k6 run] <script>')
    .description(
      'k6 run, with its thresholds decided by a gate that can be trusted; exit 0 PASS, 99 FAIL, 98 INCONCLUSIVE, 2 usage, 3 the measurement or the harness failed',
    )
    .argument('<words...>', 'a script of k6, and any flags of k6 run: k6 gets them as they are')
    .allowUnknownOption()
    .action(async (words: readonly string[], options: RunOptions) => {
      process.exitCode = await run(words, options, session);
    });
  for (const option of [...policyOptions(), ...gateOutputFlags()]) command.addOption(option);
}

async function run(words: readonly string[], options: RunOptions, session: Session): Promise<number> {
  const { signal } = session;
  const asked = readK6Arguments(words);
  gateOutputs.prepare(options);
  const { k6 } = await allTools(session, false, ['k6']);
  await using place = await temporaryDirectory('firedrill-k6-');
  const { errorRate, assumedPhi } = options;
  const policy = { ...defaultPolicy, errorRate, assumedPhi };
  const found = await runK6({ k6, asked, policy, directory: place.path, signal });
  if (found === undefined) {
    signal.throwIfAborted();
    say(paint.faint('  No thresholds, so there is nothing to decide.'));
    return 0;
  }
  say(renderGate(found, paint));
  const written = gateOutputs.write(found, options);
  if (written.length > 0) say(paint.faint(`  ${written.join(', ')}`));
  signal.throwIfAborted();
  return found.verdict.exitCode;
}
