import { replicaFlags } from '#catalog/limits.ts';
import { errorRate, type ReplicaName } from '#catalog/services.ts';
import { database } from '#catalog/stores.ts';
import { projectFile } from '../../project.ts';
import { httpReady } from '../../ready.ts';
import { compileCache } from './compile-cache.ts';
import type { NativeService } from './service.ts';

/** The replica at `index` (0 is backend-1); it comes back by itself when it crashes. */
export function backend(name: ReplicaName, index: number): NativeService {
  return {
    name,
    restarts: true,
    command: ({ options, controlToken, tokenSecret, databasePassword }) => {
      const own = options.ports.replicas[index];
      return {
        file: process.execPath,
        args: [...replicaFlags, projectFile('mock-services/backend/main.ts')],
        env: {
          ...compileCache(),
          SERVICE_NAME: 'backend',
          INSTANCE: name,
          HOST: '127.0.0.1',
          PORT: String(own?.http),
          DB_HOST: '127.0.0.1',
          DB_PORT: String(options.ports.postgresProxy),
          DB_NAME: database.name,
          DB_USER: database.user,
          DB_PASSWORD: databasePassword,
          REDIS_HOST: '127.0.0.1',
          REDIS_PORT: String(options.ports.valkeyProxy),
          QUEUE_HOST: '127.0.0.1',
          QUEUE_PORT: String(options.ports.valkeyQueuesProxy),
          ERROR_RATE: String(errorRate(options.profile, name)),
          ERROR_SEED: 'firedrill',
          LOG_LEVEL: 'info',
          ENVIRONMENT: 'native',
          OTLP_ENDPOINT: `http://127.0.0.1:${options.ports.collectorOtlp}`,
          TRACE_SHARE: String(options.traceShare),
          CONTROL_PORT: String(own?.control),
          CONTROL_TOKEN: controlToken,
          JWT_SECRET: tokenSecret,
          CHAOS_ENABLED: 'on',
        },
      };
    },
    ready: ({ options }) => httpReady(`http://127.0.0.1:${options.ports.replicas[index]?.http}/health/ready`),
  };
}
