import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Stamp, timeNsOf } from './news.ts';

/** What asks for the lines of all containers, each with the time at which the engine took it. */
export const logArguments = ['logs', '--no-color', '--timestamps'] as const;

/** Takes the lines of `docker compose logs` apart: into one file per service, and to whoever listens. */
export function logSorter(
  projectName: string,
  directory: string,
  onLine: (service: string, line: string) => void,
): (line: string) => void {
  return (line) => {
    const known = takeApart(line, projectName);
    if (known === undefined) return;
    const { service, text } = known;
    appendFileSync(join(directory, `${service}.log`), `${text}\n`);
    onLine(service, text);
  };
}

/** When the engine took a line, and of which service. */
export function logStamp(projectName: string): (line: string) => Stamp | undefined {
  return (line) => {
    const known = takeApart(line, projectName);
    const timeNs = known && timeNsOf(known.time);
    return timeNs === undefined ? undefined : { source: known?.service ?? '', timeNs };
  };
}

/** `firedrill-1a2b3c4d-backend-1  | 2026-11-21T03:35:04.472000000Z text`; what is not of this form is a remark of Compose itself. */
function takeApart(
  line: string,
  projectName: string,
): { readonly service: string; readonly time: string; readonly text: string } | undefined {
  const [, container = '', time = '', text = ''] = /^(\S+) +\| (\S+Z) ?(.*)$/s.exec(line) ?? [];
  if (!container.startsWith(`${projectName}-`)) return undefined;
  // The engine keeps a long line in pieces, and says the time before each.
  return { service: container.slice(projectName.length + 1), time, text: text.replaceAll(`${time} `, '') };
}
