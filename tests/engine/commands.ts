import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Puts `docker` and `docker-compose` for people into a folder for PATH. */
export async function placeCommands(folder: string, docker: readonly string[], dockerCompose: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const script = join(folder, 'docker');
  // `docker compose …` as people type it: the plugin is none of this docker's.
  await writeFile(
    script,
    `#!/bin/sh\nif [ "\${1:-}" = compose ]; then shift; exec ${quoted([dockerCompose])} "$@"; fi\nexec ${quoted(docker)} "$@"\n`,
  );
  await chmod(script, 0o755);
  await symlink(dockerCompose, join(folder, 'docker-compose'));
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
}
