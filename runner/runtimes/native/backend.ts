import { errorRate, type ReplicaName } from '#catalog/services.ts';
import { projectFile } from '../../project.ts';
import { httpReady } from '../../ready.ts';
import { compileCache } from './compile-cache.ts';
import { database } from './postgres.ts';
import type { NativeService } from './service.ts';

/**
 * Keeps a replica within 128 MB at rest and 256 MB at its peak. With so small a limit V8 lets the heap grow by 30 % between two
 * collections, ten a second at full load: 60 % took a sixth off the time of a cached read and 5 MB more (`npm run bench`).
 * A larger semi-space made reads slower.
 */
export const memoryFlags = ['--max-old-space-size=128', '--max-semi-space-size=4', '--heap-growing-percent=60'];

/** The replica at `index` (0 is backend-1); it comes back by itself when it crashes. */
export function backend(name: ReplicaName, index: number): NativeService {
  return {
    name,
    restarts: true,
    command: ({ options, controlToken, tokenSecret, databasePassword }) => {
      const own = options.ports.replicas[index];
      return {
        file: process.execPath,
        args: [...memoryFlags, projectFile('mock-services/backend/main.ts')],
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
