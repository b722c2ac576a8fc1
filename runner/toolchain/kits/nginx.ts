import type { Kit } from '../kit.ts';
import { debianPackages } from '../sources/debian-packages.ts';

export const nginx: Kit = {
  title: 'nginx',
  tools: ['nginx'],
  commands: [{ nginx: 'nginx' }],
  accepts: { atLeast: '1.18' },
  version: { args: ['-v'], pattern: /^nginx version: \w+\/(\d+\.\d+\.\d+)/m },
  sources: [debianPackages('nginx')],
  packages: { apt: 'nginx', dnf: 'nginx', apk: 'nginx', brew: 'nginx' },
};
