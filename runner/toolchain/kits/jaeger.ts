import type { Kit } from '../kit.ts';
import { goModule } from '../sources/go-module.ts';
import { releaseArchive } from '../sources/release-archive.ts';

/** One release carries two versions: 1.76.0 of the Go module and of the tag is 2.13.0 of the archives. */
const version = '2.13.0';
const moduleVersion = '1.76.0';

export const jaeger: Kit = {
  title: 'Jaeger',
  tools: ['jaeger'],
  commands: [{ jaeger: 'jaeger' }],
  accepts: { atLeast: '2.0', below: '3' },
  version: { args: ['version'], pattern: /"gitVersion":"v?(\d+\.\d+\.\d+)/ },
  sources: [
    releaseArchive({
      tool: 'jaeger',
      version,
      repository: 'jaegertracing/jaeger',
      tag: `v${moduleVersion}`,
      archive: ({ os, arch }) => ({ file: `jaeger-${version}-${os}-${arch}.tar.gz`, format: 'tar.gz' }),
      members: ({ os, arch }) => ({ jaeger: `jaeger-${version}-${os}-${arch}/jaeger` }),
      checksums: `jaeger-${version}.sha256sum.txt`,
    }),
    goModule({ folder: 'jaeger', version, packages: { jaeger: 'github.com/jaegertracing/jaeger/cmd/jaeger' } }),
  ],
};
