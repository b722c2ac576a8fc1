import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { staleFiles } from '../generated.ts';
import { projectFile } from '../project.ts';
import { say } from '../terminal.ts';

export function addGenerate(program: Command): void {
  program
    .command('generate')
    .description('for contributors: write every generated file anew from its source')
    .action(generate);
}

async function generate(): Promise<void> {
  const stale = await staleFiles();
  for (const { path, content } of stale) {
    await mkdir(dirname(projectFile(path)), { recursive: true });
    await writeFile(projectFile(path), content);
    say(`wrote ${path}`);
  }
  if (stale.length === 0) say('every generated file is as its source says');
}
