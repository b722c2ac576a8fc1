import type { ReplicaName, ServiceName } from './services.ts';

/** What runs as a container although no process of the native stack answers to it. */
export type ContainerName = ServiceName | 'pager' | 'k6';

type Kind = Exclude<ContainerName, ReplicaName> | 'backend';

/** What one container may take: beyond its memory the kernel ends it, beyond its cores it waits. */
interface ContainerLimits {
  readonly memoryMiB: number;
  readonly cores: number;
}

/** Our own services, all in one image. */
export const ownImage = 'firedrill/services:0.1.0';

/** Official images, by exact version; those of the tools have the versions that the native toolchain gets. */
export const images: Readonly<Record<Kind, string>> = {
  postgres: 'postgres:17.10-alpine',
  valkey: 'valkey/valkey:8.1.4-alpine',
  'valkey-queues': 'valkey/valkey:8.1.4-alpine',
  toxiproxy: 'ghcr.io/shopify/toxiproxy:2.5.0',
  backend: ownImage,
  nginx: 'nginx:1.28.0-alpine',
  'nginx-exporter': ownImage,
  collector: 'otel/opentelemetry-collector-contrib:0.155.0',
  loki: 'grafana/loki:3.7.8',
  jaeger: 'jaegertracing/jaeger:2.13.0',
  prometheus: 'prom/prometheus:v3.15.0',
  alertmanager: 'prom/alertmanager:v0.31.1',
  grafana: 'grafana/grafana:12.2.0',
  pager: ownImage,
  k6: 'grafana/k6:1.8.1',
};

/** What our own image is made from. */
export const baseImages = { node: 'node:24.21.0-alpine', busybox: 'busybox:1.37.0-musl' } as const;

const limits: Readonly<Record<Kind, ContainerLimits>> = {
  postgres: { memoryMiB: 144, cores: 1 },
  valkey: { memoryMiB: 272, cores: 1 },
  'valkey-queues': { memoryMiB: 80, cores: 0.5 },
  toxiproxy: { memoryMiB: 24, cores: 0.5 },
  backend: { memoryMiB: 256, cores: 1 },
  nginx: { memoryMiB: 24, cores: 1 },
  'nginx-exporter': { memoryMiB: 80, cores: 0.5 },
  collector: { memoryMiB: 176, cores: 1 },
  loki: { memoryMiB: 176, cores: 1 },
  jaeger: { memoryMiB: 112, cores: 1 },
  prometheus: { memoryMiB: 160, cores: 1 },
  alertmanager: { memoryMiB: 40, cores: 0.5 },
  grafana: { memoryMiB: 200, cores: 1 },
  pager: { memoryMiB: 48, cores: 0.5 },
  k6: { memoryMiB: 512, cores: 1 },
};

export function imageOf(name: ContainerName): string {
  return images[kindOf(name)];
}

export function limitsOf(name: ContainerName): ContainerLimits {
  return limits[kindOf(name)];
}

/** How the names begin that are global on an engine: of containers and of their network. */
export const namePrefix = 'mock';

/** What a container is called wherever names are global: on the engine, not in its network. */
export function containerName(name: ContainerName, prefix: string = namePrefix): string {
  return `${prefix}-${name}`;
}

/** The network of all containers. */
export const containerNetwork = `${namePrefix}-network`;

/** Where a replica serves inside its container, whatever port it is published on. */
export const replicaPorts = { http: 4000, control: 4100 } as const;

function kindOf(name: ContainerName): Kind {
  return isReplica(name) ? 'backend' : name;
}

function isReplica(name: ContainerName): name is ReplicaName {
  return name.startsWith('backend-');
}
