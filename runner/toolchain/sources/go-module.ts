import { execFile } from 'node:child_process';
import { readdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { hashOf } from '../cache.ts';
import { runCommand } from '../command.ts';
import { ToolError } from '../errors.ts';
import { limit } from '../limit.ts';
import { thisPlatform } from '../platform.ts';
import type { CachedSource, SourceContext } from '../source.ts';
import type { ToolName } from '../tool-name.ts';
import { compareVersions } from '../version.ts';
import { searchFolders, which } from '../which.ts';

export interface GoModule {
  /** The folder below `toolchain/go` that pins the module, or an absolute one. */
  readonly folder: string;
  readonly version: string;
  /** The main package of each tool. */
  readonly packages: Readonly<Partial<Record<ToolName, string>>>;
  readonly tags?: string;
  /** The go command; found on PATH by default. */
  readonly go?: string;
}

/** The compiler uses all cores, the linker one: two builds at once keep both busy without doubling the memory further. */
const build = limit(2);

/** From this version on, Go fetches the newer Go that a module asks for. */
const oldestGo = '1.21';

/** Builds a kit from its pinned Go module. */
export function goModule(module: GoModule): CachedSource {
  const folder = join(fileURLToPath(new URL('../go', import.meta.url)), module.folder);
  const pinned = module.folder.startsWith('/') ? module.folder : folder;
  const flags = ['-mod=readonly', '-trimpath', '-ldflags=-s -w', ...(module.tags ? ['-tags', module.tags] : [])];
  const tools = Object.keys(module.packages) as ToolName[];
  return {
    keeps: 'cache',
    version: module.version,
    promise: 'built from source with Go',
    files: Object.fromEntries(tools.map((tool) => [tool, tool])),
    key: async () => ({
      tool: basename(module.folder),
      version: module.version,
      platform: `${thisPlatform.os}-${thisPlatform.arch}`,
      hash: await hashOf(['go', JSON.stringify(module.packages), ...flags], await pinningFiles(pinned)),
    }),
    obstacle: () => goObstacle(module.go),
    fill: (target, context) => {
      context.report('waiting for the builds before it');
      return build(() => compile(module, pinned, flags, target, context));
    },
  };
}

/** The version of a go command; undefined when there is none. */
export async function goVersion(go?: string): Promise<string | undefined> {
  const command = go ?? (await which('go', [...searchFolders(), '/usr/local/go/bin']));
  if (!command) return undefined;
  try {
    // The version of the go that is installed, not of the one it would switch to.
    const env = { ...process.env, GOTOOLCHAIN: 'local' };
    const { stdout } = await promisify(execFile)(command, ['version'], { timeout: 10_000, env });
    return /go(\d+\.\d+(?:\.\d+)?)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

async function goObstacle(go?: string): Promise<string | undefined> {
  const version = await goVersion(go);
  if (version === undefined) return 'Go is not installed';
  if (compareVersions(version, oldestGo) < 0) return `Go ${version} is too old (${oldestGo} or newer is needed)`;
  return undefined;
}

async function compile(
  { packages, folder: name, go }: GoModule,
  folder: string,
  flags: readonly string[],
  target: string,
  { signal, report }: SourceContext,
): Promise<void> {
  report('building from source');
  const command = go ?? (await which('go', [...searchFolders(), '/usr/local/go/bin'])) ?? 'go';
  let compiled = 0;
  const { exitCode, lastLines } = await runCommand(
    command,
    ['build', '-v', ...flags, '-o', `${target}/`, ...Object.values(packages)],
    {
      cwd: folder,
      env: { GOFLAGS: '-buildvcs=false', GOWORK: 'off', GOTOOLCHAIN: 'auto' },
      signal,
      onLine: (line) => report(buildState(line, () => ++compiled)),
    },
  );
  if (exitCode !== 0) {
    throw new ToolError('BUILD_FAILED', `go build of ${name} failed: ${lastLines.slice(-3).join(' · ')}`);
  }
  for (const [tool, path] of Object.entries(packages)) {
    const built = path === '.' ? tool : basename(path);
    if (built !== tool) await rename(join(target, built), join(target, tool));
  }
}

function buildState(line: string, count: () => number): string {
  if (line.startsWith('go: downloading')) return `fetching ${line.split(' ')[2]}`;
  return `building from source, ${count()} packages compiled`;
}

async function pinningFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => ['go.mod', 'go.sum'].includes(name) || name.endsWith('.go'))
    .sort()
    .map((name) => join(folder, name));
}
