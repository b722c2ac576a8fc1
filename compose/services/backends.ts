import { replicaPorts } from '#catalog/containers.ts';
import { replicaFlags } from '#catalog/limits.ts';
import { errorRate, type ReplicaName, replicaNames } from '#catalog/services.ts';
import { database } from '#catalog/stores.ts';
import { ports, replicaIp } from '../addresses.ts';
import type { Container } from '../container.ts';
import { type KnobName, knob, sections } from '../knobs.ts';
import { httpProbe, logFile, logVolume, probeVolume } from '../places.ts';

/** How our own image is built, once: the others that run it find it built. */
const build = { context: '.', dockerfile: 'mock-services/Dockerfile' } as const;

/** The replicas of the backend: each comes back by itself when it ends, and reaches its stores through Toxiproxy. */
export function backends(replicas: number): readonly Container[] {
  return replicaNames(replicas).map(backend);
}

function backend(name: ReplicaName, index: number): Container {
  const number = index + 1;
  return {
    name,
    ...(index === 0 ? { build } : {}),
    command: ['node', ...replicaFlags, 'mock-services/backend/main.ts'],
    environment: {
      SERVICE_NAME: 'backend',
      INSTANCE: name,
      ENVIRONMENT: 'compose',
      HOST: '0.0.0.0',
      PORT: replicaPorts.http,
      DB_HOST: 'toxiproxy',
      DB_PORT: ports.postgresProxy,
      DB_NAME: database.name,
      DB_USER: database.user,
      DB_PASSWORD: knob('DB_PASSWORD'),
      REDIS_HOST: 'toxiproxy',
      REDIS_PORT: ports.valkeyProxy,
      QUEUE_HOST: 'toxiproxy',
      QUEUE_PORT: ports.valkeyQueuesProxy,
      ERROR_RATE: orKnob(`BACKEND_${number}_ERROR_RATE`, String(errorRate('flaky', name))),
      ERROR_SEED: knob('ERROR_SEED'),
      LOG_LEVEL: knob('LOG_LEVEL'),
      LOG_FILE: logFile(name),
      OTLP_ENDPOINT: `http://collector:${ports.collectorOtlp}`,
      TRACE_SHARE: knob('TRACE_SHARE'),
      JWT_SECRET: knob('JWT_SECRET'),
      ANONYMOUS_ROLE: knob('ANONYMOUS_ROLE'),
      CHAOS_ENABLED: knob('CHAOS_ENABLED'),
      CONTROL_HOST: '0.0.0.0',
      CONTROL_PORT: replicaPorts.control,
      CONTROL_TOKEN: knob('CONTROL_TOKEN'),
    },
    ports: [
      `${knob('BIND_ADDRESS')}:${orKnob(`BACKEND_${number}_PORT`, String(4000 + number))}:${replicaPorts.http}`,
      `127.0.0.1:${orKnob(`CONTROL_${number}_PORT`, String(4100 + number))}:${replicaPorts.control}`,
    ],
    volumes: [logVolume, probeVolume],
    tmpfs: ['/tmp:mode=1777'],
    healthy: httpProbe(replicaPorts.http, '/health/ready'),
    address: replicaIp(name),
    // It drains for up to 30 s.
    stopGraceSeconds: 40,
  };
}

/** The knobs of the first replicas are documented; those of further ones are called alike. */
function orKnob(name: string, standard: string): string {
  const known = sections.some(({ knobs }) => knobs.some((candidate) => candidate.name === name));
  return known ? knob(name as KnobName) : `\${${name}:-${standard}}`;
}
