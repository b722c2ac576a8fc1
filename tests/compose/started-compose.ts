import { sections } from '#compose/knobs.ts';
import { freePort } from '#runner/preflight.ts';
import { createProgress } from '#runner/progress.ts';
import { projectRoot } from '#runner/project.ts';
import { runCommand } from '#runner/toolchain/command.ts';
import { buildImages } from '../engine/build-images.ts';
import { startEngine } from '../engine/engine.ts';
import { toolsFor } from '../support/tools.ts';

type PortKnob = Extract<(typeof sections)[number]['knobs'][number]['name'], `${string}_PORT`>;

/** The unmodified docker-compose.yml on an engine of its own, on free ports. */
export interface StartedCompose extends AsyncDisposable {
  readonly upSeconds: number;
  url(port: PortKnob, path: string): string;
  docker(...args: readonly string[]): Promise<string>;
  /** @throws Error with the last lines of the output */
  compose(...args: readonly string[]): Promise<string>;
}

export async function startCompose(settings: Readonly<Record<string, string>>): Promise<StartedCompose> {
  await using undo = new AsyncDisposableStack();
  const progress = createProgress({ stream: process.stderr, isTTY: false });
  const options = { progress, signal: AbortSignal.timeout(1_800_000) };
  const { dockerCompose } = await toolsFor('dockerCompose');
  const engine = undo.use(await startEngine(options));
  await buildImages(engine, await toolsFor(), options);

  const ports = await freePorts();
  const env = { ...ports, ...settings, DOCKER_HOST: engine.host };
  const compose = async (...args: readonly string[]): Promise<string> => {
    const lines: string[] = [];
    const { exitCode, lastLines } = await runCommand(dockerCompose, args, {
      cwd: projectRoot,
      env,
      signal: options.signal,
      onLine: (line) => lines.push(line),
    });
    if (exitCode !== 0) throw new Error(`docker compose ${args.join(' ')}: ${lastLines.join('\n')}`);
    return lines.join('\n');
  };

  const before = performance.now();
  await compose('up', '--wait', '--no-build', '--pull', 'never');
  const upSeconds = (performance.now() - before) / 1000;
  const owned = undo.move();
  return {
    upSeconds,
    url: (port, path) => `http://127.0.0.1:${ports[port]}${path}`,
    docker: (...args) => engine.docker(args),
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
