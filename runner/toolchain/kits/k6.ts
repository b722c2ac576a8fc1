import type { Kit } from '../kit.ts';
import { goModule } from '../sources/go-module.ts';
import { releaseArchive } from '../sources/release-archive.ts';

const version = '1.8.1';

export const k6: Kit = {
  title: 'k6',
  tools: ['k6'],
  commands: [{ k6: 'k6' }],
  accepts: { atLeast: '1.0', below: '2' },
  version: { args: ['version'], pattern: /^k6 v(\d+\.\d+\.\d+)/m },
  sources: [
    releaseArchive({
      tool: 'k6',
      version,
      repository: 'grafana/k6',
      tag: `v${version}`,
      archive: ({ os, arch }) =>
        os === 'darwin'
          ? { file: `k6-v${version}-macos-${arch}.zip`, format: 'zip' }
          : { file: `k6-v${version}-${os}-${arch}.tar.gz`, format: 'tar.gz' },
      members: ({ os, arch }) => ({ k6: `k6-v${version}-${os === 'darwin' ? 'macos' : os}-${arch}/k6` }),
      checksums: `k6-v${version}-checksums.txt`,
    }),
    goModule({ folder: 'k6', version, packages: { k6: 'go.k6.io/k6' } }),
  ],
};
