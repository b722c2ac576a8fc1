import { execFile } from 'node:child_process';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Progress } from '#runner/progress.ts';
import { type CacheKey, cacheFolder, fillCache, hashOf } from '#runner/toolchain/cache.ts';
import { runCommand } from '#runner/toolchain/command.ts';
import { thisPlatform } from '#runner/toolchain/platform.ts';
import { which } from '#runner/toolchain/which.ts';

const suite = 'trixie';

/** The base that stand-in images are made from, and the engine that runs them: folders that hold a Debian each. */
export interface Debians {
  readonly base: string;
  readonly engine: string;
}

/** Says why no Debian can be made on this machine; nothing when one can. */
export async function debianObstacle(): Promise<string | undefined> {
  if (process.platform !== 'linux') return `it needs Linux, and this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'it needs root';
  if (!(await which('apt-get'))) return 'it needs Debian or one of its kin: there is no apt-get';
  // The engine's /usr is laid over the one of this machine.
  const merged = (await lstat('/bin')).isSymbolicLink() && (await lstat('/lib')).isSymbolicLink();
  return merged ? undefined : 'it needs a system whose /bin and /lib are in /usr';
}

/** Makes both from the mirror that apt uses here, once; later calls find them in the cache. */
export async function debians(progress: Progress, signal: AbortSignal): Promise<Debians> {
  const base = await cached('debian-base', baseRecipe, progress, signal);
  const engine = await cached('debian-engine', engineRecipe(base), progress, signal);
  return { base, engine };
}

interface Recipe {
  readonly title: string;
  /** Shell, run with the folder to fill and the mirror as $1 and $2. */
  readonly script: string;
}

const baseRecipe: Recipe = {
  title: `Debian ${suite} from scratch`,
  script: `
    which debootstrap >/dev/null || { apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq debootstrap; }
    debootstrap --variant=minbase --include=busybox-static,ca-certificates ${suite} "$1" "$2"
    rm -rf "$1"/var/cache/apt/archives/*.deb`,
};

/** Docker's start_interval needs an engine of 2024 or newer, which Debian 12 has not: so it comes with its own userland. */
function engineRecipe(base: string): Recipe {
  return {
    title: 'Docker Engine',
    script: `
    cp -a ${base}/. "$1"
    cp /etc/resolv.conf "$1/etc/resolv.conf"
    chroot "$1" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive chroot "$1" apt-get install -y -qq --no-install-recommends docker.io docker-cli iptables iproute2 tini procps util-linux mount
    # Debian chooses between two by links in /etc, and /etc is this machine's where the engine runs.
    for name in iptables iptables-restore iptables-save ip6tables ip6tables-restore ip6tables-save; do ln -sf xtables-nft-multi "$1/usr/sbin/$name"; done
    rm -rf "$1"/var/cache/apt/archives/*.deb "$1"/var/lib/apt/lists/* "$1"/usr/share/doc`,
  };
}

async function cached(tool: string, recipe: Recipe, progress: Progress, signal: AbortSignal): Promise<string> {
  const mirror = await mirrorOfApt();
  const key: CacheKey = {
    tool,
    version: suite,
    platform: `${thisPlatform.os}-${thisPlatform.arch}`,
    hash: await hashOf([recipe.script, mirror]),
  };
  const root = join(cacheFolder(key), 'root');
  if (await isComplete(root)) return root;
  progress.expect(1);
  await progress.step(recipe.title, (report) =>
    fillCache(key, signal, async (folder) => {
      const { exitCode, lastLines } = await runCommand(
        'sh',
        ['-euc', recipe.script, 'recipe', join(folder, 'root'), mirror],
        { signal, onLine: (line) => report(line.slice(0, 80)) },
      );
      if (exitCode !== 0) throw new Error(`${recipe.title} could not be made: ${lastLines.slice(-3).join(' · ')}`);
    }),
  );
  return root;
}

function isComplete(root: string): Promise<boolean> {
  return readFile(join(root, 'etc/os-release'), 'utf8').then(
    () => true,
    () => false,
  );
}

/** Debian's own archive as apt has it, which may be a mirror of the company or of the CI. */
async function mirrorOfApt(): Promise<string> {
  const args = ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages', 'Component: main'];
  const { stdout } = await promisify(execFile)('apt-get', args).catch(() => ({ stdout: '' }));
  return stdout.split('\n').find((uri) => /\/debian\/?$/.test(uri)) ?? 'http://deb.debian.org/debian';
}
