import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { checkSeal } from '#chaos/engine/seal.ts';
import { readCapsule } from '../debrief.ts';
import { paint, say } from '../terminal.ts';

export function addDrillVerify(drill: Command): void {
  drill
    .command('verify')
    .description('whether what a played drill revealed is what was sealed at its start; exit 1 when it is not')
    .argument('<run>', 'the folder of the run')
    .addOption(
      new Option('--shown <sha256>', 'what was shown at the start (default: what the folder kept of it)').argParser(
        seal,
      ),
    )
    .action((run: string, { shown }: { shown?: string }) => {
      process.exitCode = verify(run, shown);
    });
}

function seal(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected 64 digits from 0 to f, as they were shown.');
}

function verify(run: string, shown = sealIn(run)): number {
  const checks = checkSeal(readCapsule(run).ledger, shown);
  for (const { claim, held, observed } of checks) {
    say(`${held ? paint.good('✓') : paint.bad('✗')} ${claim}${paint.faint(`: ${observed}`)}`);
  }
  return checks.every(({ held }) => held) ? 0 : 1;
}

function sealIn(run: string): string | undefined {
  try {
    return z.object({ commitment: z.string() }).parse(JSON.parse(readFileSync(join(run, 'sealed.json'), 'utf8')))
      .commitment;
  } catch {
    return undefined;
  }
}
