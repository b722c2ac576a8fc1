import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { z } from 'zod';
import { RunnerError } from '../../errors.ts';
import { projectRoot } from '../../project.ts';
import { runCommand } from '../../toolchain/command.ts';

export const composeProjectSchema = z.object({
  /** Name of the project: the label of its containers, and how their names begin. */
  name: z.string(),
  /** The `docker-compose` that started it. */
  command: z.string(),
  /** DOCKER_HOST when it was started; absent where Docker's own settings say which engine. */
  host: z.string().optional(),
});

/** The containers of one stack, as they are found again also when their runner is gone. */
export type ComposeProject = Readonly<z.infer<typeof composeProjectSchema>>;

export interface ComposeOptions {
  readonly signal: AbortSignal;
  /** The compose file, and what is laid over it; without one, what there is goes by the labels of the containers. */
  readonly file?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Gets the output instead of the caller: of what goes on for as long as a stack, nobody can hold it all. */
  readonly onLine?: (line: string) => void;
}

const stopSeconds = 5;

/** One name per state directory, so that stacks of several checkouts run side by side. */
export function composeProject(stateDirectory: string, command: string): ComposeProject {
  const hash = createHash('sha256').update(resolve(stateDirectory)).digest('hex').slice(0, 8);
  const host = process.env.DOCKER_HOST;
  return { name: `firedrill-${hash}`, command, ...(host ? { host } : {}) };
}

/** What `docker-compose` gets before its own arguments; settings come from the environment, not from somebody's `.env`. */
export function composeArguments(name: string, args: readonly string[]): readonly string[] {
  return ['--project-name', name, '--env-file', '/dev/null', '--ansi', 'never', ...args];
}

/**
 * Runs `docker compose` for this project and gives its output, unless somebody listens to it.
 * @throws RunnerError SERVICE_FAILED with the last words of it
 */
export async function compose(
  { name, command, host }: ComposeProject,
  args: readonly string[],
  { signal, file, env, onLine }: ComposeOptions,
): Promise<string> {
  const lines: string[] = [];
  const { exitCode, lastLines } = await runCommand(
    command,
    composeArguments(name, file === undefined ? args : [...of(file), ...args]),
    {
      signal,
      cwd: '/',
      env: { COMPOSE_FILE: '', ...(host === undefined ? {} : { DOCKER_HOST: host }), ...env },
      onLine: onLine ?? ((line) => lines.push(line)),
    },
  );
  if (exitCode === 0) return lines.join('\n');
  throw new RunnerError('SERVICE_FAILED', `docker compose ${args[0]} failed:\n${lastLines.slice(-8).join('\n')}`);
}

/** Paths in the file are relative to the root of the checkout, wherever it lies itself. */
function of(files: readonly string[]): readonly string[] {
  return ['--project-directory', projectRoot, ...files.flatMap((file) => ['--file', file])];
}

/** What ends all containers of a project with their volumes and their network; also when there are none. */
export const downArguments: readonly string[] = [
  'down',
  '--volumes',
  '--remove-orphans',
  '--timeout',
  `${stopSeconds}`,
];

export async function endProject(project: ComposeProject): Promise<void> {
  await compose(project, downArguments, { signal: AbortSignal.timeout(120_000) });
}
