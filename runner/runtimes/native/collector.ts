import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replicaNames } from '#catalog/services.ts';
import { renderCollector } from '#observability/otel-collector/render.ts';
import { httpReady } from '../../ready.ts';
import { loopback } from './loopback.ts';
import { accessLog } from './nginx.ts';
import type { NativeContext, NativeService } from './service.ts';

export const collector: NativeService = {
  name: 'collector',
  async prepare(context) {
    const { ports, replicas, traceShare } = context.options;
    const storageDir = join(context.directory('collector'), 'positions');
    await mkdir(storageDir, { recursive: true });
    const config = renderCollector({
      otlp: loopback(ports.collectorOtlp),
      health: loopback(ports.collectorHealth),
      metrics: loopback(ports.collectorMetrics),
      backendLogs: replicaNames(replicas).map((instance) => ({ instance, path: context.logFile(instance) })),
      nginxLog: accessLog(context),
      loki: loopback(ports.loki),
      jaegerOtlp: loopback(ports.jaegerOtlp),
      traceShare,
      storageDir,
    });
    await writeFile(configFile(context), config);
  },
  command: (context) => ({
    file: context.tools.otelcol,
    args: ['--config', `file:${configFile(context)}`],
    env: { GOMEMLIMIT: '150MiB' },
  }),
  ready: ({ options }) => httpReady(`http://127.0.0.1:${options.ports.collectorHealth}/`),
};

const configFile = (context: NativeContext): string => join(context.directory('collector'), 'collector.yaml');
