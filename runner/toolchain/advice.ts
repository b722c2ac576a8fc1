import { readFile } from 'node:fs/promises';
import type { Kit, SystemPackages } from './kit.ts';

const installers: Readonly<Record<keyof SystemPackages, string>> = {
  apt: 'sudo apt-get install',
  dnf: 'sudo dnf install',
  apk: 'sudo apk add',
  brew: 'brew install',
};

/** The command to type on this machine, or what to install so that the project can help itself. */
export async function advice(kit: Kit): Promise<string> {
  if (!kit.packages) return `install Go 1.21 or newer (https://go.dev/dl) or put ${kit.title} on PATH`;
  const manager = await packageManager();
  return `type: ${installers[manager]} ${kit.packages[manager]}`;
}

async function packageManager(): Promise<keyof SystemPackages> {
  if (process.platform === 'darwin') return 'brew';
  return managerOf(await readFile('/etc/os-release', 'utf8').catch(() => ''));
}

/** The package manager of a Linux, from its os-release file. */
export function managerOf(osRelease: string): keyof SystemPackages {
  const families = [...osRelease.matchAll(/^(?:ID|ID_LIKE)="?([^"\n]*)"?$/gm)].flatMap(([, names]) =>
    (names ?? '').split(' '),
  );
  if (families.includes('alpine')) return 'apk';
  if (families.some((family) => ['fedora', 'rhel', 'centos'].includes(family))) return 'dnf';
  return 'apt';
}
