import type { Kit } from '../kit.ts';
import { debianPackages } from '../sources/debian-packages.ts';

export const valkey: Kit = {
  title: 'Valkey or Redis',
  tools: ['valkey'],
  commands: [{ valkey: 'valkey-server' }, { valkey: 'redis-server' }],
  accepts: { atLeast: '7' },
  version: { args: ['--version'], pattern: /server v=(\d+\.\d+\.\d+)/i },
  sources: [debianPackages('valkey-server', 'redis-server')],
  packages: { apt: 'redis-server', dnf: 'valkey', apk: 'valkey', brew: 'valkey' },
};
