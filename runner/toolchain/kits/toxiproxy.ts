import type { Kit } from '../kit.ts';
import { goModule } from '../sources/go-module.ts';
import { releaseArchive } from '../sources/release-archive.ts';

const version = '2.5.0';

export const toxiproxy: Kit = {
  title: 'Toxiproxy',
  tools: ['toxiproxy'],
  commands: [{ toxiproxy: 'toxiproxy-server' }],
  accepts: { atLeast: '2.5', below: '3' },
  version: { args: ['--version'], pattern: /^toxiproxy-server version (\d+\.\d+\.\d+)/m },
  sources: [
    releaseArchive({
      tool: 'toxiproxy',
      version,
      repository: 'Shopify/toxiproxy',
      tag: `v${version}`,
      archive: ({ os, arch }) => ({ file: `toxiproxy_${version}_${os}_${arch}.tar.gz`, format: 'tar.gz' }),
      members: () => ({ toxiproxy: 'toxiproxy-server' }),
      checksums: 'checksums.txt',
    }),
    goModule({ folder: 'toxiproxy', version, packages: { toxiproxy: 'github.com/Shopify/toxiproxy/v2/cmd/server' } }),
  ],
};
