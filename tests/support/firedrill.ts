import { execa } from 'execa';
import { projectFile, projectRoot } from '#runner/project.ts';

/** Runs the CLI as a person would, with what it prints kept; it never rejects. */
export function firedrill(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return execa(process.execPath, [projectFile('runner/cli.ts'), ...args], {
    cwd: projectRoot,
    env: { NO_COLOR: '1', ...env },
    reject: false,
    all: true,
    stdin: 'ignore',
  });
}
