import { type Command, InvalidArgumentError } from 'commander';
import { install, type StateOptions, stateDirectory } from './options.ts';
import { allTools, type Session } from './session.ts';

interface BenchOptions extends StateOptions {
  readonly only?: readonly string[];
  readonly rounds: number;
  readonly seconds: number;
  readonly install?: boolean;
}

export function addBench(program: Command, session: Session): void {
  program
    .command('bench')
    .description('for contributors: measure what a request costs; exit 0 all figures reached, 1 not')
    .option('--only <name...>', 'only these: hit, miss, trivial, fault-point, scrape, memory, scaling, latency')
    .option('--rounds <number>', 'how often each is measured; figures are medians', positive, 5)
    .option('--seconds <number>', 'how long each measurement takes', positive, 3)
    .addOption(install())
    .addOption(stateDirectory())
    .action(async (options: BenchOptions) => {
      // Only here, because nobody else needs what it imports: it would cost every command its start.
      const { bench } = await import('#benchmarks/main.ts');
      const tools = await allTools(session, options.install ?? false);
      const { only = [], rounds, seconds: secondsPerRun } = options;
      const reached = await bench({ ...session, ...options, only, rounds, secondsPerRun, tools });
      process.exitCode = reached ? 0 : 1;
    });
}

function positive(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('It must be a whole number above 0.');
}
