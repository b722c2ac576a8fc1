import { execa } from 'execa';
import { staleFiles } from './generated.ts';
import { projectFile, projectRoot } from './project.ts';

/** Something that must hold for every commit. */
export interface Check {
  readonly title: string;
  /** Resolves with what is wrong, or with nothing. */
  run(signal: AbortSignal): Promise<string | undefined>;
}

export const checks: readonly Check[] = [
  { title: 'format, lint, import directions', run: tool('biome', 'ci', '--colors=off', '--error-on-warnings', '.') },
  { title: 'types', run: tool('tsc', '-p', '.') },
  { title: 'types of the load scenarios', run: tool('tsc', '-p', 'load-tests/scenarios') },
  { title: 'dead code and dependencies', run: tool('knip', '--no-progress') },
  { title: 'generated files equal their sources', run: generatedEqualsSource },
];

function tool(name: string, ...args: readonly string[]): Check['run'] {
  return async (signal) => {
    const { failed, all } = await execa(projectFile(`node_modules/.bin/${name}`), args, {
      cwd: projectRoot,
      all: true,
      reject: false,
      cancelSignal: signal,
    });
    signal.throwIfAborted();
    return failed ? all : undefined;
  };
}

async function generatedEqualsSource(): Promise<string | undefined> {
  const stale = await staleFiles();
  return stale.length === 0 ? undefined : `${stale.map(({ path }) => path).join(', ')}: run "npm run generate"`;
}
