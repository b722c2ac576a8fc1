import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createProgress } from '#runner/progress.ts';
import { projectRoot } from '#runner/project.ts';
import { ensureTools } from '#runner/toolchain/toolchain.ts';
import { buildImages } from './build-images.ts';
import { placeCommands } from './commands.ts';
import { debianObstacle } from './debian.ts';
import { startEngine } from './engine.ts';

/**
 * `node tests/engine/main.ts COMMAND…`: runs a command with a Docker engine of its own that holds every image of
 * docker-compose.yml, and `docker` and `docker-compose` on PATH; then ends the engine with all its containers. Without a command: a shell.
 */
const obstacle = await debianObstacle();
if (obstacle !== undefined) {
  process.stderr.write(`skipped, no Docker engine can be started here: ${obstacle}\n`);
  process.exit(0);
}
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort(new Error(`ended by ${name}`)));
const progress = createProgress({ stream: process.stderr, isTTY: process.stderr.isTTY });
const options = { progress, signal: stop.signal };
const tools = await ensureTools(options);
const { dockerCompose } = await ensureTools({ ...options, only: ['dockerCompose'] });
await using engine = await startEngine(options);
await buildImages(engine, tools, options);
const commands = join(engine.directory, 'bin');
await placeCommands(commands, engine.command, dockerCompose);
const [file = process.env.SHELL ?? 'sh', ...args] = process.argv.slice(2);
const child = spawn(file, args, {
  cwd: projectRoot,
  stdio: 'inherit',
  env: {
    ...process.env,
    ...engine.environment,
    PATH: `${commands}:${process.env.PATH}`,
  },
});
stop.signal.addEventListener('abort', () => child.kill());
const [code] = await once(child, 'exit');
process.exitCode = code ?? 1;
