import type { Kit } from '../kit.ts';
import { goModule } from '../sources/go-module.ts';
import { releaseArchive } from '../sources/release-archive.ts';

const version = '3.15.0';

export const prometheus: Kit = {
  title: 'Prometheus',
  tools: ['prometheus', 'promtool'],
  commands: [{ prometheus: 'prometheus', promtool: 'promtool' }],
  accepts: { atLeast: '3.5', below: '4' },
  version: { args: ['--version'], pattern: /^(?:prometheus|promtool), version (\d+\.\d+\.\d+)/m },
  sources: [
    releaseArchive({
      tool: 'prometheus',
      version,
      repository: 'prometheus/prometheus',
      tag: `v${version}`,
      archive: ({ os, arch }) => ({ file: `prometheus-${version}.${os}-${arch}.tar.gz`, format: 'tar.gz' }),
      members: ({ os, arch }) => ({
        prometheus: `prometheus-${version}.${os}-${arch}/prometheus`,
        promtool: `prometheus-${version}.${os}-${arch}/promtool`,
      }),
      checksums: 'sha256sums.txt',
    }),
    goModule({
      folder: 'prometheus',
      version,
      packages: {
        prometheus: 'github.com/prometheus/prometheus/cmd/prometheus',
        promtool: 'github.com/prometheus/prometheus/cmd/promtool',
      },
      // Targets are listed in files: without the clients of every cloud the build is faster and the binaries less than half.
      tags: 'remove_all_sd',
    }),
  ],
};
