import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderJaeger } from '#observability/jaeger/render.ts';
import { httpReady } from '../../ready.ts';
import { loopback } from './loopback.ts';
import type { NativeContext, NativeService } from './service.ts';

export const jaeger: NativeService = {
  name: 'jaeger',
  async prepare(context) {
    const { ports } = context.options;
    const config = renderJaeger({
      query: loopback(ports.jaeger),
      otlp: loopback(ports.jaegerOtlp),
      health: loopback(ports.jaegerHealth),
      metrics: loopback(ports.jaegerMetrics),
    });
    await writeFile(configFile(context), config);
  },
  command: (context) => ({
    file: context.tools.jaeger,
    args: ['--config', `file:${configFile(context)}`],
    env: { GOMEMLIMIT: '200MiB' },
  }),
  ready: ({ options }) => httpReady(`http://127.0.0.1:${options.ports.jaeger}/api/services`),
};

const configFile = (context: NativeContext): string => join(context.directory('jaeger'), 'jaeger.yaml');
