import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clientLimit } from '#nginx/clients.ts';
import { type NginxParams, renderNginx, revisionOf } from '#nginx/render.ts';
import { httpReady } from '../../ready.ts';
import { loopback, replicaAddresses } from './loopback.ts';
import type { NativeContext, NativeService } from './service.ts';

export const nginx: NativeService = {
  name: 'nginx',
  async prepare(context) {
    await mkdir(join(context.directory('nginx'), 'logs'), { recursive: true });
    await writeNginx(context, usualNginx(context));
  },
  command: (context) => ({
    file: context.tools.nginx,
    args: ['-p', context.directory('nginx'), '-e', 'stderr', '-c', 'nginx.conf', '-g', 'daemon off;'],
    // The master passes it on: workers would survive a master that is killed.
    parentDeathSignal: 'SIGTERM',
  }),
  ready: (context) => httpReady(healthUrl(context)),
};

export function usualNginx({ options }: NativeContext): NginxParams {
  return {
    listen: loopback(options.ports.edge),
    status: loopback(options.ports.edgeStatus),
    upstreams: replicaAddresses(options),
    clientLimit,
    // Whoever is on this machine may speak for many users, as the load generator does.
    trustedProxies: ['127.0.0.1'],
  };
}

/** Resolves with what `/nginx-health` says once nginx goes by it, which is from its next start or reload on. */
export async function writeNginx(context: NativeContext, params: NginxParams): Promise<string> {
  const configuration = renderNginx(params);
  await writeFile(join(context.directory('nginx'), 'nginx.conf'), configuration);
  return revisionOf(configuration);
}

export async function nginxRevision(context: NativeContext, signal: AbortSignal): Promise<string> {
  // A connection of its own: one that is kept leads to a worker of before.
  const response = await fetch(healthUrl(context), { headers: { connection: 'close' }, signal });
  return revisionOf(await response.text());
}

function healthUrl({ options }: NativeContext): string {
  return `http://127.0.0.1:${options.ports.edgeStatus}/nginx-health`;
}

export const accessLog = (context: NativeContext): string => join(context.directory('nginx'), 'logs', 'access.log');
