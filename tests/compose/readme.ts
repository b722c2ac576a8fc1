import { readFileSync } from 'node:fs';
import { projectFile } from '#runner/project.ts';
import { blocksOf } from '#tests/support/runbooks.ts';

/** The commands for containers under `When something is wrong`, one a line. */
export function readmeCommands(): readonly string[] {
  const [block] = blocksOf({ path: 'README.md', text: section('When something is wrong') });
  return (block?.text ?? '').split('\n');
}

/** Every address of the table under `What to open where`. */
export function readmeUrls(): readonly string[] {
  return [...section('What to open where').matchAll(/`(http:[^`]+)`/g)].map(([, url = '']) => url);
}

function section(heading: string): string {
  const [, text] = readFileSync(projectFile('README.md'), 'utf8').split(`\n## ${heading}\n`);
  if (text === undefined) throw new Error(`README.md has no section called ${heading}.`);
  return text.split('\n## ')[0] ?? '';
}
