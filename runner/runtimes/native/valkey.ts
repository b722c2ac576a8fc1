import { connect } from 'node:net';
import type { Ports } from '#catalog/ports.ts';
import { cacheSettings, queueSettings } from '#catalog/stores.ts';
import type { NativeService } from './service.ts';

export const valkey = service('valkey', ({ valkey: port }) => ({ port, settings: cacheSettings }));

export const valkeyQueues = service('valkey-queues', ({ valkeyQueues: port }) => ({ port, settings: queueSettings }));

interface Instance {
  readonly port: number;
  readonly settings: readonly string[];
}

function service(name: NativeService['name'], describe: (ports: Ports) => Instance): NativeService {
  return {
    name,
    command: ({ tools, options, directory }) => {
      const { port, settings } = describe(options.ports);
      const place = ['--bind', '127.0.0.1', '--port', String(port), '--dir', directory(name)];
      return { file: tools.valkey, args: [...place, ...settings] };
    },
    ready:
      ({ options }) =>
      () =>
        ping(describe(options.ports).port),
  };
}

function ping(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write('PING\r\n'));
    socket.setTimeout(2000, () => socket.destroy(new Error('no answer to PING within 2 s')));
    socket.once('error', reject);
    socket.once('data', (answer) => {
      socket.destroy();
      if (answer.toString().startsWith('+PONG')) resolve();
      else reject(new Error(`PING was answered with ${answer}`));
    });
  });
}
