import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatAddress } from '#catalog/address.ts';
import { proxied } from '#catalog/stores.ts';
import { httpReady } from '../../ready.ts';
import { setDatabaseLatency } from '../database-latency.ts';
import { loopback } from './loopback.ts';
import type { NativeContext, NativeService } from './service.ts';

/** Every way from a backend to a store leads through here, so that the network between them can be broken. */
export const toxiproxy: NativeService = {
  name: 'toxiproxy',
  async prepare(context) {
    const { ports } = context.options;
    const proxies = proxied.map(({ name, port, proxyPort }) => ({
      name,
      listen: formatAddress(loopback(ports[proxyPort])),
      upstream: formatAddress(loopback(ports[port])),
      enabled: true,
    }));
    await writeFile(configFile(context), JSON.stringify(proxies, undefined, 2));
  },
  command: (context) => ({
    file: context.tools.toxiproxy,
    args: ['-host', '127.0.0.1', '-port', String(context.options.ports.toxiproxy), '-config', configFile(context)],
    env: { LOG_LEVEL: 'warn' },
  }),
  ready: (context) => async (signal) => {
    await httpReady(api(context, '/proxies'))(signal);
    await setDatabaseLatency(api(context, ''), context.options.databaseLatencyMs, signal);
  },
};

const api = (context: NativeContext, path: string): string =>
  `http://127.0.0.1:${context.options.ports.toxiproxy}${path}`;

const configFile = (context: NativeContext): string => join(context.directory('toxiproxy'), 'proxies.json');
