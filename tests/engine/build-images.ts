import { copyFile, cp, link, mkdtemp, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ownImage } from '#catalog/containers.ts';
import { projectRoot } from '#runner/project.ts';
import { hashOf } from '#runner/toolchain/cache.ts';
import { runCommand } from '#runner/toolchain/command.ts';
import type { Tools } from '#runner/toolchain/toolchain.ts';
import { which } from '#runner/toolchain/which.ts';
import type { Engine, EngineOptions } from './engine.ts';
import { debian, type Sources, type StandIn } from './stand-ins/stand-in.ts';
import { standIns } from './stand-ins/stand-ins.ts';

const label = 'firedrill.stand-in';

/** Makes every image that docker-compose.yml names, those that are there and up to date excepted. */
export async function buildImages(engine: Engine, tools: Tools, { progress, signal }: EngineOptions): Promise<void> {
  const certificates = '/etc/ssl/certs/ca-certificates.crt';
  const sources = { tools, node: process.execPath, npm: await npmFolder(), certificates };
  progress.expect(standIns.length + 2);
  await progress.step(debian, () => importBase(engine, signal));
  for (const standIn of standIns) {
    await progress.step(standIn.image, (report) => buildStandIn(engine, standIn, sources, report));
  }
  // Here the containers of the engine have no way out of this machine, only its own network has.
  const own = ['build', '--network', 'host', '-f', 'mock-services/Dockerfile', '-t', ownImage, '.'];
  await progress.step(ownImage, async (report) => {
    await engine.docker(own, { cwd: projectRoot, onLine: report });
  });
}

async function importBase(engine: Engine, signal: AbortSignal): Promise<void> {
  const hash = await hashOf([engine.base]);
  if (await isCurrent(engine, debian, hash)) return;
  const directory = await mkdtemp(join(tmpdir(), 'firedrill-base-'));
  try {
    const archive = join(directory, 'base.tar');
    const { exitCode, lastLines } = await runCommand('tar', ['-C', engine.base, '-cf', archive, '.'], { signal });
    if (exitCode !== 0) throw new Error(`the base could not be packed: ${lastLines.at(-1)}`);
    await engine.docker(['import', '-c', `LABEL ${label}=${hash}`, archive, debian]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function buildStandIn(
  engine: Engine,
  { image, files, dockerfile }: StandIn,
  sources: Sources,
  report: (line: string) => void,
): Promise<void> {
  const entries = Object.entries(files(sources));
  const stamps = await Promise.all(
    entries.map(async ([name, source]) => ('text' in source ? `${name}=${source.text}` : await stampOf(source.from))),
  );
  const hash = await hashOf([dockerfile, engine.base, ...stamps]);
  if (await isCurrent(engine, image, hash)) return;
  const context = await mkdtemp(join(tmpdir(), 'firedrill-image-'));
  try {
    await writeFile(join(context, 'Dockerfile'), `${dockerfile}\n`);
    for (const [name, source] of entries) {
      if ('text' in source) await writeFile(join(context, name), source.text);
      else await place(source.from, join(context, name));
    }
    const build = ['build', '--network', 'host', '--label', `${label}=${hash}`, '-t', image, '.'];
    await engine.docker(build, { cwd: context, onLine: report });
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

async function isCurrent(engine: Engine, image: string, hash: string): Promise<boolean> {
  const format = `{{index .Config.Labels "${label}"}}`;
  return (await engine.docker(['image', 'inspect', '-f', format, image]).catch(() => '')) === hash;
}

async function stampOf(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  return `${path} ${size} ${mtimeMs}`;
}

async function place(from: string, to: string): Promise<void> {
  if ((await stat(from)).isDirectory()) return await cp(from, to, { recursive: true });
  await link(from, to).catch(() => copyFile(from, to));
}

async function npmFolder(): Promise<string> {
  const npm = await which('npm');
  if (npm === undefined) throw new Error('npm is not on PATH');
  return dirname(dirname(await realpath(npm)));
}
