import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** Takes the lines of `docker compose logs` apart: into one file per service, and to whoever listens. */
export function logSorter(
  projectName: string,
  directory: string,
  onLine: (service: string, line: string) => void,
): (line: string) => void {
  return (line) => {
    const { service, text } = takeApart(line, projectName);
    if (service === undefined) return;
    appendFileSync(join(directory, `${service}.log`), `${text}\n`);
    onLine(service, text);
  };
}

/** `firedrill-1a2b3c4d-backend-1  | text`; what is not of this form is a remark of Compose itself. */
function takeApart(line: string, projectName: string): { readonly service?: string; readonly text: string } {
  const [, container = '', text = ''] = /^(\S+) +\| ?(.*)$/s.exec(line) ?? [];
  return container.startsWith(`${projectName}-`)
    ? { service: container.slice(projectName.length + 1), text }
    : { text: line };
}
