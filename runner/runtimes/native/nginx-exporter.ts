import { formatAddress } from '#catalog/address.ts';
import { exporterFlags } from '#catalog/limits.ts';
import { timeouts } from '#catalog/timeouts.ts';
import { projectFile } from '../../project.ts';
import { httpReady } from '../../ready.ts';
import { compileCache } from './compile-cache.ts';
import { replicaAddresses } from './loopback.ts';
import { accessLog } from './nginx.ts';
import type { NativeService } from './service.ts';

export const nginxExporter: NativeService = {
  name: 'nginx-exporter',
  command: (context) => {
    const { ports, timeScale } = context.options;
    const upstreams = replicaAddresses(context.options).map(({ name, address }) => `${name}=${formatAddress(address)}`);
    return {
      file: process.execPath,
      args: [...exporterFlags, projectFile('observability/nginx-exporter/main.ts')],
      env: {
        ...compileCache(),
        HOST: '127.0.0.1',
        PORT: String(ports.nginxExporter),
        ACCESS_LOG: accessLog(context),
        STUB_STATUS_URL: `http://127.0.0.1:${ports.edgeStatus}/stub_status`,
        OTLP_ENDPOINT: `http://127.0.0.1:${ports.collectorOtlp}`,
        TRACE_SHARE: String(context.options.traceShare),
        UPSTREAMS: upstreams.join(','),
        HEALTH_PERIOD_SECONDS: String(timeouts.edgeHealthPeriodSeconds / timeScale),
      },
    };
  },
  ready: ({ options }) => httpReady(`http://127.0.0.1:${options.ports.nginxExporter}/health`),
};
