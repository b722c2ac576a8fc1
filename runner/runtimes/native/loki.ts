import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderLoki } from '#observability/loki/render.ts';
import { httpReady } from '../../ready.ts';
import { loopback } from './loopback.ts';
import type { NativeContext, NativeService } from './service.ts';

export const loki: NativeService = {
  name: 'loki',
  async prepare(context) {
    const { ports } = context.options;
    const config = renderLoki({
      listen: loopback(ports.loki),
      grpc: loopback(ports.lokiGrpc),
      dataDir: join(context.directory('loki'), 'data'),
    });
    await writeFile(configFile(context), config);
  },
  command: (context) => ({
    file: context.tools.loki,
    args: [`-config.file=${configFile(context)}`],
    env: { GOMEMLIMIT: '200MiB' },
  }),
  ready: ({ options }) => httpReady(`http://127.0.0.1:${options.ports.loki}/ready`),
};

const configFile = (context: NativeContext): string => join(context.directory('loki'), 'loki.yaml');
