import type { Kit } from '../kit.ts';
import { goModule } from '../sources/go-module.ts';
import { releaseArchive } from '../sources/release-archive.ts';

const version = '3.7.8';

export const loki: Kit = {
  title: 'Loki',
  tools: ['loki'],
  commands: [{ loki: 'loki' }],
  accepts: { atLeast: '3.3', below: '4' },
  version: { args: ['--version'], pattern: /^loki, version (\d+\.\d+\.\d+)/m },
  sources: [
    releaseArchive({
      tool: 'loki',
      version,
      repository: 'grafana/loki',
      tag: `v${version}`,
      archive: ({ os, arch }) => ({ file: `loki-${os}-${arch}.zip`, format: 'zip' }),
      members: ({ os, arch }) => ({ loki: `loki-${os}-${arch}` }),
      checksums: 'SHA256SUMS',
    }),
    goModule({ folder: 'loki', version, packages: { loki: 'github.com/grafana/loki/v3/cmd/loki' } }),
  ],
};
