import { writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { type Command, Option } from 'commander';
import { drillFolder } from '../drill-file.ts';
import { RunnerError } from '../errors.ts';
import { projectFile } from '../project.ts';
import { say } from '../terminal.ts';
import { newDrill } from './drill-template.ts';

export function addDrillNew(drill: Command): void {
  drill
    .command('new')
    .description('write a drill file to start from, which can be run as it is')
    .argument('<name>', 'lower-case words joined by hyphens; the file is named after it')
    .addOption(new Option('--folder <path>', 'where to').default(projectFile(drillFolder), drillFolder))
    .action((name: string, { folder }: { folder: string }) => create(name, folder));
}

async function create(name: string, folder: string): Promise<void> {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
    throw new RunnerError('USAGE', `name: expected lower-case words joined by hyphens (got "${name}")`);
  }
  const file = `${folder}/${name}.yaml`;
  await writeFile(file, newDrill(name, folder === projectFile(drillFolder)), { flag: 'wx' }).catch(
    (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EEXIST' ? 'a name that is not taken' : `a folder to write to, found ${cause.code}`;
      throw new RunnerError('USAGE', `name: expected ${why} (got ${file})`, { cause });
    },
  );
  const path = relative(process.cwd(), file);
  const shown = path.startsWith('..') ? file : path;
  say(`Wrote ${shown}. Each line that says "fill in" wants your words or your numbers; then:
  firedrill drill lint ${shown.startsWith(drillFolder) ? name : shown}
  firedrill drill ${shown.startsWith(drillFolder) ? name : shown}
How to write one: docs/adding-a-drill.md.`);
}
