import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatAddress } from '#catalog/address.ts';
import { httpReady } from '../../ready.ts';
import { loopback } from './loopback.ts';
import type { NativeContext, NativeService } from './service.ts';

/** Every way from a backend to a store leads through here, so that the network between them can be broken. */
export const toxiproxy: NativeService = {
  name: 'toxiproxy',
  async prepare(context) {
    const { ports } = context.options;
    const proxies = [
      { name: 'postgres', listen: loopback(ports.postgresProxy), upstream: loopback(ports.postgres) },
      { name: 'valkey', listen: loopback(ports.valkeyProxy), upstream: loopback(ports.valkey) },
    ].map(({ name, listen, upstream }) => ({
      name,
      listen: formatAddress(listen),
      upstream: formatAddress(upstream),
      enabled: true,
    }));
    await writeFile(configFile(context), JSON.stringify(proxies, undefined, 2));
  },
  command: (context) => ({
    file: context.tools.toxiproxy,
    args: ['-host', '127.0.0.1', '-port', String(context.options.ports.toxiproxy), '-config', configFile(context)],
    env: { LOG_LEVEL: 'warn' },
  }),
  ready: ({ options }) => httpReady(`http://127.0.0.1:${options.ports.toxiproxy}/proxies`),
};

const configFile = (context: NativeContext): string => join(context.directory('toxiproxy'), 'proxies.json');
