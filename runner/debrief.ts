import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Capsule, packCapsule, unpackCapsule } from '#chaos/capsule/capsule.ts';
import { createDebrief } from '#chaos/debrief/debrief.ts';
import { renderMarkdown } from '#chaos/debrief/markdown.ts';
import { renderPage } from '#chaos/debrief/page.ts';
import { RunnerError } from './errors.ts';

export const capsuleName = 'capsule.json.gz';

/** Keeps a run: the capsule, and what it tells as a page and as a document. Returns their names. */
export function keepRun(directory: string, capsule: Capsule): readonly string[] {
  writeFileSync(join(directory, capsuleName), packCapsule(capsule));
  return [...writeDebrief(directory, capsule), capsuleName];
}

/** Returns the names of the files. */
export function writeDebrief(directory: string, capsule: Capsule): readonly string[] {
  const debrief = createDebrief(capsule);
  const files = { 'debrief.html': renderPage(debrief), 'debrief.md': renderMarkdown(debrief) };
  mkdirSync(directory, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  return Object.keys(files);
}

/**
 * The capsule of a run, given by its folder or its own path.
 * @throws RunnerError USAGE
 */
export function readCapsule(path: string): Capsule {
  const file = path.endsWith('.gz') ? path : join(path, capsuleName);
  try {
    return unpackCapsule(readFileSync(file));
  } catch (cause) {
    const why = (cause as Error).message;
    throw new RunnerError('USAGE', `run: expected the folder of a run, or its ${capsuleName} (got "${path}": ${why})`, {
      cause,
    });
  }
}
