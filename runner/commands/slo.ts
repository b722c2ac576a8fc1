import { Argument, type Command } from 'commander';
import { errorRatios } from '../slo/error-ratios.ts';
import { type ExplainOptions, explain } from '../slo/explain.ts';
import { type GenerateOptions, generate, productionIntervalSeconds } from '../slo/generate.ts';
import { lint } from '../slo/lint.ts';
import { numberWithin, timeScale } from './options.ts';

export function addSlo(program: Command): void {
  const slo = program
    .command('slo')
    .description('your own OpenSLO files: what they mean, what is wrong, rules of them');
  addExplain(slo);
  addLint(slo);
  addGenerate(slo);
}

function addExplain(slo: Command): void {
  slo
    .command('explain')
    .description('when each alert fires at how many errors, what that costs, and what no alert sees')
    .addArgument(files())
    .option('--error-ratio <r>', 'shares of requests that fail, such as 1%,0.5 (default: 1%,10%,100%)', errorRatios)
    .option('--json', 'the same for programs; null is never')
    .addOption(timeScale().default(1))
    .action((paths: string[], options: ExplainOptions) => explain(paths, options));
}

function addLint(slo: Command): void {
  slo
    .command('lint')
    .description('what is wrong with SLOs and their alerts; exit 1 when something is')
    .addArgument(files())
    .addOption(timeScale().default(1))
    .action(async (paths: string[], options: { timeScale: number }) => {
      process.exitCode = await lint(paths, options.timeScale);
    });
}

function addGenerate(slo: Command): void {
  slo
    .command('generate')
    .description('rules for Prometheus; exit 1 when the lint refuses an SLO')
    .addArgument(files())
    .option('--out <folder>', 'write a file for each SLO instead of printing it')
    .option(
      '--interval <seconds>',
      `how often they are evaluated (default: ${productionIntervalSeconds} / time scale)`,
      numberWithin(0.1, 300),
    )
    .option('--repository <url>', 'where people read your repository, for the links to runbooks')
    .option('--grafana <url>', 'where your Grafana is, for the links to dashboards')
    .addOption(timeScale().default(1))
    .action(async (paths: string[], options: GenerateOptions) => {
      process.exitCode = await generate(paths, options);
    });
}

const files = (): Argument => new Argument('<files...>', 'OpenSLO v1 files, or folders that hold them');
