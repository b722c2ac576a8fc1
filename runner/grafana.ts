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

/** Where packages put Grafana's home, as seen from the folder of its command: in an archive, of Debian, of Homebrew. */
const homes = ['..', '../share/grafana', '../../share/grafana'];

/**
 * Grafana, if it is installed: found by its command, started by the binary in its home, because the command of a package may be
 * a script with options of its own.
 */
export async function findGrafana(folders = searchFolders()): Promise<GrafanaInstallation | undefined> {
  for (const command of ['grafana', 'grafana-server']) {
    const path = await which(command, folders);
    if (path === undefined) continue;
    for (const folder of [dirname(await realpath(path)), dirname(path)]) {
      for (const home of homes.map((relative) => join(folder, relative))) {
        const file = join(home, 'bin', 'grafana');
        if (await isExecutable(file)) return { file, home };
      }
    }
  }
  return undefined;
}
