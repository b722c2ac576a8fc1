import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Command lines of the processes that belong to the stack in `directory`: they name it, or work in it. */
export function processesOf(directory: string, marker: string): readonly string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        const folder = readlinkSync(`/proc/${pid}/cwd`);
        const belongs = command.includes(directory) || folder.startsWith(directory) || environment.includes(marker);
        return belongs && command !== '' ? [`${pid} ${command}`] : [];
      } catch {
        return [];
      }
    });
}
