import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clientLimit } from '#nginx/clients.ts';
import { renderNginx } from '#nginx/render.ts';
import { httpReady } from '../../ready.ts';
import { loopback, replicaAddresses } from './loopback.ts';
import type { NativeContext, NativeService } from './service.ts';

export const nginx: NativeService = {
  name: 'nginx',
  async prepare(context) {
    const { ports } = context.options;
    await mkdir(join(context.directory('nginx'), 'logs'), { recursive: true });
    const config = renderNginx({
      listen: loopback(ports.edge),
      status: loopback(ports.edgeStatus),
      upstreams: replicaAddresses(context.options),
      clientLimit,
      // Whoever is on this machine may speak for many users, as the load generator does.
      trustedProxies: ['127.0.0.1'],
    });
    await writeFile(join(context.directory('nginx'), 'nginx.conf'), config);
  },
  command: (context) => ({
    file: context.tools.nginx,
    args: ['-p', context.directory('nginx'), '-e', 'stderr', '-c', 'nginx.conf', '-g', 'daemon off;'],
    // The master passes it on: workers would survive a master that is killed.
    parentDeathSignal: 'SIGTERM',
  }),
  ready: ({ options }) => httpReady(`http://127.0.0.1:${options.ports.edgeStatus}/nginx-health`),
};

export const accessLog = (context: NativeContext): string => join(context.directory('nginx'), 'logs', 'access.log');
