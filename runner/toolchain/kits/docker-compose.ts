import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Kit } from '../kit.ts';
import { goModule } from '../sources/go-module.ts';
import { releaseArchive } from '../sources/release-archive.ts';

const version = '2.40.3';

const architectures: Readonly<Record<string, string>> = { amd64: 'x86_64', arm64: 'aarch64' };

/** The plugin of `docker compose`; it is also a program of its own, which needs no `docker` command. */
export const dockerCompose: Kit = {
  title: 'Docker Compose',
  tools: ['dockerCompose'],
  commands: [{ dockerCompose: 'docker-compose' }],
  folders: async () => [
    ...[join(homedir(), '.docker'), '/usr/local/lib/docker', '/usr/libexec/docker', '/usr/lib/docker'].map((folder) =>
      join(folder, 'cli-plugins'),
    ),
    '/Applications/Docker.app/Contents/Resources/cli-plugins',
  ],
  // From this version on it knows how often to look while a service starts (start_interval).
  accepts: { atLeast: '2.24', below: '6' },
  version: { args: ['version'], pattern: /^Docker Compose version v?(\d+\.\d+\.\d+)/m },
  sources: [
    releaseArchive({
      tool: 'docker-compose',
      version,
      repository: 'docker/compose',
      tag: `v${version}`,
      archive: ({ os, arch }) => ({ file: `docker-compose-${os}-${architectures[arch] ?? arch}`, format: 'binary' }),
      members: ({ os, arch }) => ({ dockerCompose: `docker-compose-${os}-${architectures[arch] ?? arch}` }),
      checksums: 'checksums.txt',
    }),
    goModule({
      folder: 'docker-compose',
      version,
      packages: { dockerCompose: 'github.com/docker/compose/v2/cmd' },
    }),
  ],
};
