import { join } from 'node:path';
import { execa } from 'execa';
import { createProgress } from '#runner/progress.ts';
import { prepareImages } from '#runner/runtimes/compose/images.ts';
import { composeProject } from '#runner/runtimes/compose/project.ts';
import { toolsFor } from '../support/tools.ts';
import { buildImages } from './build-images.ts';
import { placeCommands } from './commands.ts';
import { debianObstacle } from './debian.ts';
import { startEngine } from './engine.ts';

/** An engine that holds every image of docker-compose.yml. */
export interface TestEngine extends AsyncDisposable {
  /** What makes Docker's commands, and ours, use it. */
  readonly environment: Readonly<Record<string, string>>;
  /** PATH for a shell in which `docker` and `docker compose` are to be typed. */
  readonly path: string;
  /** @throws Error with the last lines of the output */
  docker(...args: readonly string[]): Promise<string>;
  /** Everything that Compose has made for a project and that is still there. */
  belongings(project: string): Promise<readonly string[]>;
}

/** Says why nothing can be tested with Docker here; nothing when it can. */
export async function engineObstacle(): Promise<string | undefined> {
  if (await engineAnswers()) return undefined;
  const obstacle = await debianObstacle();
  return obstacle && `no Docker engine answers, and none can be started here: ${obstacle}`;
}

/** One that answers and has the official images or can pull them; or else one of our own with images that stand in for them. */
export async function testEngine(): Promise<TestEngine> {
  return (await answeringEngine()) ?? (await ownEngine());
}

async function answeringEngine(): Promise<TestEngine | undefined> {
  if (!(await engineAnswers())) return undefined;
  const { dockerCompose } = await toolsFor('dockerCompose');
  const { progress, signal } = startOptions();
  const obstacle = await debianObstacle();
  try {
    await prepareImages(composeProject('/', dockerCompose), progress, signal);
  } catch (error) {
    if (obstacle !== undefined) throw error;
    return undefined;
  }
  return {
    ...withDocker(dockerOnPath),
    environment: {},
    path: process.env.PATH ?? '',
    [Symbol.asyncDispose]: async () => {},
  };
}

async function ownEngine(): Promise<TestEngine> {
  await using undo = new AsyncDisposableStack();
  const options = startOptions();
  const engine = undo.use(await startEngine(options));
  await buildImages(engine, await toolsFor(), options);
  const { dockerCompose } = await toolsFor('dockerCompose');
  const commands = join(engine.directory, 'bin');
  await placeCommands(commands, engine.command, dockerCompose);
  const owned = undo.move();
  return {
    ...withDocker((args) => engine.docker(args)),
    environment: engine.environment,
    path: `${commands}:${process.env.PATH}`,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function withDocker(run: (args: readonly string[]) => Promise<string>): Pick<TestEngine, 'docker' | 'belongings'> {
  return {
    docker: (...args) => run(args),
    belongings: async (project) => {
      const ofProject = ['--filter', `label=com.docker.compose.project=${project}`];
      const lists = await Promise.all([
        run(['ps', '--all', '--quiet', ...ofProject]),
        run(['volume', 'ls', '--quiet', ...ofProject]),
        run(['network', 'ls', '--quiet', ...ofProject]),
      ]);
      return lists.flatMap((list) => list.split('\n')).filter((line) => line !== '');
    },
  };
}

async function dockerOnPath(args: readonly string[]): Promise<string> {
  return (await execa('docker', args)).stdout;
}

function engineAnswers(): Promise<boolean> {
  return dockerOnPath(['version', '--format', '{{.Server.Version}}']).then(
    (version) => version !== '',
    () => false,
  );
}

function startOptions() {
  return {
    progress: createProgress({ stream: process.stderr, isTTY: false }),
    signal: AbortSignal.timeout(1_800_000),
  };
}
