import type { Kit } from '../kit.ts';
import { goModule } from '../sources/go-module.ts';
import { releaseArchive } from '../sources/release-archive.ts';

const version = '0.155.0';

export const otelcol: Kit = {
  title: 'OpenTelemetry Collector',
  tools: ['otelcol'],
  // The distribution called `otelcol` lacks half of the components.
  commands: [{ otelcol: 'otelcol-contrib' }],
  // Components are renamed from one minor version to the next.
  accepts: { atLeast: '0.155', below: '0.156' },
  version: { args: ['--version'], pattern: /^otelcol-contrib version v?(\d+\.\d+\.\d+)/m },
  sources: [
    releaseArchive({
      tool: 'otelcol',
      version,
      repository: 'open-telemetry/opentelemetry-collector-releases',
      tag: `v${version}`,
      archive: ({ os, arch }) => ({ file: `otelcol-contrib_${version}_${os}_${arch}.tar.gz`, format: 'tar.gz' }),
      members: () => ({ otelcol: 'otelcol-contrib' }),
      checksums: 'opentelemetry-collector-releases_otelcol-contrib_checksums.txt',
    }),
    goModule({ folder: 'otelcol', version, packages: { otelcol: '.' } }),
  ],
};
