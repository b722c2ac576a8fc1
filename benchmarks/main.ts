import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Progress } from '#runner/progress.ts';
import { timedDirectory } from '#runner/state.ts';
import { say } from '#runner/terminal.ts';
import type { Tools } from '#runner/toolchain/toolchain.ts';
import { type Finding, reached } from './benchmark.ts';
import { benchmarks } from './benchmarks.ts';
import { type Cores, separateCores } from './cores.ts';
import { openLab } from './lab.ts';
import { renderTable } from './report.ts';

export interface BenchOptions {
  /** Names of benchmarks; all when empty. */
  readonly only: readonly string[];
  readonly rounds: number;
  readonly secondsPerRun: number;
  readonly tools: Tools;
  readonly stateDirectory: string;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** Measures, prints a table and writes `results.json` beside the logs of what was measured. Resolves with whether all was reached. */
export async function bench(options: BenchOptions): Promise<boolean> {
  const startedAt = new Date().toISOString();
  const directory = timedDirectory(options.stateDirectory, 'bench', undefined, Date.parse(startedAt));
  await mkdir(directory, { recursive: true });
  const findings: Finding[] = [];
  let cores: Cores | undefined;
  for (const benchmark of benchmarks.filter(({ name }) => options.only.length === 0 || options.only.includes(name))) {
    findings.push(
      ...(await options.progress.step(benchmark.title, async () => {
        cores = separateCores();
        await using lab = await openLab({ ...options, cores, directory });
        return await benchmark.run(lab);
      })),
    );
  }
  const machine = {
    processor: cpus()[0]?.model,
    cores: cpus().length,
    node: process.version,
    placement: cores?.description,
  };
  const settings = { rounds: options.rounds, secondsPerRun: options.secondsPerRun };
  const results = join(directory, 'results.json');
  await writeFile(results, `${JSON.stringify({ startedAt, machine, settings, findings }, undefined, 2)}\n`);
  say(
    `${renderTable(findings)}\n\n${machine.processor}, ${machine.cores} cores, Node ${machine.node}; ${machine.placement}\n${results}`,
  );
  return findings.every((finding) => reached(finding) !== false);
}
