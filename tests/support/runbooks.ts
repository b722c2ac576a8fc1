import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { assignPorts, type Ports } from '#catalog/ports.ts';
import { projectFile, projectRoot } from '#runner/project.ts';

export const runbookIndex = 'docs/runbooks/README.md';

export interface Runbook {
  /** The alert's. */
  readonly name: string;
  /** From the root of the project. */
  readonly path: string;
  readonly text: string;
}

export type Language = 'promql' | 'logql' | 'traces' | 'sh';

export interface Block {
  readonly path: string;
  readonly language: Language;
  /** Finds nothing while all is well. */
  readonly quiet: boolean;
  readonly text: string;
}

/** Every page of `docs/runbooks` but the index. */
export function readRunbooks(): readonly Runbook[] {
  return globSync('docs/runbooks/*.md', { cwd: projectRoot })
    .filter((path) => path !== runbookIndex)
    .sort()
    .map((path) => ({ name: basename(path, '.md'), path, text: readFileSync(projectFile(path), 'utf8') }));
}

/** What is fenced in a page, in order, without the indentation of the list that it stands in. */
export function blocksOf({ path, text }: Pick<Runbook, 'path' | 'text'>): readonly Block[] {
  const fences = /^( *)```(promql|logql|traces|sh)( quiet)?\n([\s\S]*?)^\1```$/gm;
  return [...text.matchAll(fences)].map(([, indent = '', language, quiet, content = '']) => ({
    path,
    language: language as Language,
    quiet: quiet !== undefined,
    text: content
      .split('\n')
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
      .join('\n')
      .trim(),
  }));
}

export interface Elsewhere {
  readonly ports: Ports;
  /** State directory of the stack. */
  readonly directory: string;
  /** What runs the CLI in place of `./firedrill`. */
  readonly cli: string;
}

/** A command for the stack of this checkout on the usual ports, turned into the same for a stack on other ports elsewhere. */
export function onStack(command: string, { ports, directory, cli }: Elsewhere): string {
  const own = portList(ports);
  const moved = new Map(
    portList(assignPorts(ports.replicas.length, (port) => port)).map((port, index) => [port, own[index]]),
  );
  return command
    .replaceAll(/\.\/firedrill (\w+)/g, (_, name: string) =>
      ofNoStack.has(name) ? `${cli} ${name}` : `${cli} ${name} --state-directory ${directory}`,
    )
    .replaceAll(/(?<![\w./])\.firedrill(?![\w.])/g, directory)
    .replaceAll(/(?<!\d)\d{4,5}(?!\d)/g, (number) => String(moved.get(Number(number)) ?? number));
}

/** Commands that look at files only. */
const ofNoStack: ReadonlySet<string> = new Set(['slo', 'doctor']);

function portList({ replicas, ...single }: Ports): readonly number[] {
  const names = Object.keys(single).sort() as (keyof typeof single)[];
  return [...names.map((name) => single[name]), ...replicas.flatMap(Object.values)];
}
