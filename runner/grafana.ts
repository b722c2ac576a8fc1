import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isExecutable, searchFolders, which } from './toolchain/which.ts';

/** A Grafana of this machine. */
export interface GrafanaInstallation {
  /** Starts it with the argument `server`. */
  readonly file: string;
  /** Its pages and defaults. */
  readonly home: string;
}

export const grafanaAdvice =
  'Grafana is not installed: put Grafana 11 or newer on PATH (https://grafana.com/grafana/download) and start the stack again';

/** Where Grafana's home is, as seen from the folder of its command: of an archive, of Debian and Homebrew. */
const homes = ['..', '../share/grafana'];

/**
 * Grafana, if it is installed: found by its command, started by the binary in its home where there is one, because the command
 * of a package may be a script with options of its own.
 */
export async function findGrafana(folders = searchFolders()): Promise<GrafanaInstallation | undefined> {
  for (const command of ['grafana', 'grafana-server']) {
    const found = await which(command, folders);
    if (found === undefined) continue;
    for (const path of [await realpath(found), found]) {
      for (const home of homes.map((relative) => join(dirname(path), relative))) {
        if (!existsSync(join(home, 'conf', 'defaults.ini'))) continue;
        const inHome = join(home, 'bin', 'grafana');
        if (await isExecutable(inHome)) return { file: inHome, home };
        if (command === 'grafana') return { file: path, home };
      }
    }
  }
  return undefined;
}
