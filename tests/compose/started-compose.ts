import { type ContainerName, containerName, namePrefix } from '#catalog/containers.ts';
import { sections, standards } from '#compose/knobs.ts';
import { freePort } from '#runner/preflight.ts';
import { projectRoot } from '#runner/project.ts';
import { runCommand } from '#runner/toolchain/command.ts';
import { type TestEngine, testEngine } from '../engine/test-engine.ts';
import { toolsFor } from '../support/tools.ts';

type PortKnob = Extract<(typeof sections)[number]['knobs'][number]['name'], `${string}_PORT`>;

/** Not the name that the file has by itself: somebody may have that stack up. */
const project = 'firedrill-test';

/** The unmodified docker-compose.yml, on free ports. */
export interface StartedCompose extends AsyncDisposable {
  readonly upSeconds: number;
  readonly docker: TestEngine['docker'];
  /** What a shell needs in which commands for this stack are to be typed. */
  readonly environment: Readonly<Record<string, string>>;
  /** A command or an address of the stack on its usual ports, turned into the same of this one. */
  here(text: string): string;
  url(port: PortKnob, path: string): string;
  /** What its container is called. */
  container(name: ContainerName): string;
  belongings(): Promise<readonly string[]>;
  /** @throws Error with the last lines of the output */
  compose(...args: readonly string[]): Promise<string>;
}

export async function startCompose(settings: Readonly<Record<string, string>>): Promise<StartedCompose> {
  await using undo = new AsyncDisposableStack();
  const signal = AbortSignal.timeout(1_800_000);
  const { dockerCompose } = await toolsFor('dockerCompose');
  const engine = undo.use(await testEngine());

  const ports = await freePorts();
  const names = { COMPOSE_PROJECT_NAME: project, NAME_PREFIX: project, NETWORK_PREFIX: '172.31.77' };
  const env = { ...ports, ...names, ...settings, ...engine.environment };
  const compose = async (...args: readonly string[]): Promise<string> => {
    const lines: string[] = [];
    const { exitCode, lastLines } = await runCommand(dockerCompose, args, {
      cwd: projectRoot,
      env,
      signal,
      onLine: (line) => lines.push(line),
    });
    if (exitCode !== 0) throw new Error(`docker compose ${args.join(' ')}: ${lastLines.join('\n')}`);
    return lines.join('\n');
  };

  undo.defer(() => compose('down', '-v', '--timeout', '5').then(() => undefined));
  const before = performance.now();
  await compose('up', '--wait', '--no-build', '--pull', 'never');
  const upSeconds = (performance.now() - before) / 1000;
  const owned = undo.move();
  return {
    upSeconds,
    url: (port, path) => `http://127.0.0.1:${ports[port]}${path}`,
    container: (name) => containerName(name, project),
    docker: engine.docker,
    environment: { ...env, PATH: engine.path },
    here: (text) =>
      Object.entries(ports).reduce(
        (moved, [knob, port]) => {
          const usual = new RegExp(`127\\.0\\.0\\.1:${standards[knob as PortKnob]}(?!\\d)`, 'g');
          return moved.replaceAll(usual, `127.0.0.1:${port}`);
        },
        text.replaceAll(`${namePrefix}-`, `${project}-`),
      ),
    belongings: () => engine.belongings(project),
    compose,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function freePorts(): Promise<Readonly<Record<string, string>>> {
  const names = sections.flatMap(({ knobs }) => knobs.map(({ name }) => name)).filter((name) => name.endsWith('_PORT'));
  const ports: Record<string, string> = {};
  for (const name of names) ports[name] = String(await freePort());
  return ports;
}
