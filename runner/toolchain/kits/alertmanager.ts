import type { Kit } from '../kit.ts';
import { goModule } from '../sources/go-module.ts';
import { releaseArchive } from '../sources/release-archive.ts';

const version = '0.31.1';

export const alertmanager: Kit = {
  title: 'Alertmanager',
  tools: ['alertmanager', 'amtool'],
  commands: [{ alertmanager: 'alertmanager', amtool: 'amtool' }],
  accepts: { atLeast: '0.27', below: '1' },
  version: { args: ['--version'], pattern: /^(?:alertmanager|amtool), version (\d+\.\d+\.\d+)/m },
  sources: [
    releaseArchive({
      tool: 'alertmanager',
      version,
      repository: 'prometheus/alertmanager',
      tag: `v${version}`,
      archive: ({ os, arch }) => ({ file: `alertmanager-${version}.${os}-${arch}.tar.gz`, format: 'tar.gz' }),
      members: ({ os, arch }) => ({
        alertmanager: `alertmanager-${version}.${os}-${arch}/alertmanager`,
        amtool: `alertmanager-${version}.${os}-${arch}/amtool`,
      }),
      checksums: 'sha256sums.txt',
    }),
    goModule({
      folder: 'alertmanager',
      version,
      packages: {
        alertmanager: 'github.com/prometheus/alertmanager/cmd/alertmanager',
        amtool: 'github.com/prometheus/alertmanager/cmd/amtool',
      },
    }),
  ],
};
