import { connect } from 'node:net';
import type { NativeService } from './service.ts';

export const valkey: NativeService = {
  name: 'valkey',
  command: ({ tools, options }) => ({
    file: tools.valkey,
    args: [
      ...['--bind', '127.0.0.1', '--port', String(options.ports.valkey), '--save', '', '--appendonly', 'no'],
      ...['--maxmemory', '256mb', '--maxmemory-policy', 'allkeys-lru'],
    ],
  }),
  ready:
    ({ options }) =>
    () =>
      ping(options.ports.valkey),
};

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
