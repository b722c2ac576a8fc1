import { type ContainerName, containerName, containerNetwork, imageOf, limitsOf } from '#catalog/containers.ts';
import { knob } from './knobs.ts';

/** What one service of the compose file says beyond what all of them do. */
export interface Container {
  readonly name: ContainerName;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  /** Runs as this user, where the image would run as root or switch from it. */
  readonly user?: string;
  /** `host:container` or `address:host:container`. */
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  /** Writable folders that are gone with the container; everything else that is no volume is read-only. */
  readonly tmpfs?: readonly string[];
  /** A command that ends with 0 when the service can be used; none for what ends by itself. */
  readonly healthy?: readonly string[];
  /** Whose health it waits for beyond what the catalog says. */
  readonly dependsOn?: readonly ContainerName[];
  /** The last number of its address, for those that others know by address. */
  readonly address?: string;
  readonly extraHosts?: Readonly<Record<string, string>>;
  /** Who is asked for names that are none of this network; the engine's own name servers when absent. */
  readonly nameServers?: readonly string[];
  readonly profiles?: readonly string[];
  /** What is built when the image is not there. */
  readonly build?: Readonly<Record<string, unknown>>;
  readonly stopGraceSeconds?: number;
  readonly restarts?: boolean;
}

/** One service of the compose file, without what all of them say. */
export function renderContainer(container: Container): Readonly<Record<string, unknown>> {
  const { name, healthy, dependsOn = [], stopGraceSeconds, restarts = true } = container;
  const { memoryMiB, cores } = limitsOf(name);
  return withoutAbsent({
    image: imageOf(name),
    build: container.build,
    container_name: containerName(name, knob('NAME_PREFIX')),
    profiles: container.profiles,
    entrypoint: container.entrypoint,
    command: container.command,
    user: container.user,
    environment: container.environment,
    ports: container.ports,
    volumes: container.volumes,
    tmpfs: container.tmpfs,
    networks: { [containerNetwork]: container.address === undefined ? {} : { ipv4_address: container.address } },
    extra_hosts: container.extraHosts,
    dns: container.nameServers,
    depends_on:
      dependsOn.length === 0
        ? undefined
        : Object.fromEntries(dependsOn.map((other) => [other, { condition: 'service_healthy' }])),
    healthcheck: healthy && { test: ['CMD', ...healthy] },
    restart: restarts ? undefined : 'no',
    stop_grace_period: stopGraceSeconds === undefined ? undefined : `${stopGraceSeconds}s`,
    mem_limit: `${memoryMiB}m`,
    // No swap beyond it: a service that wants more is ended, as it would be in production.
    memswap_limit: `${memoryMiB}m`,
    cpus: cores,
  });
}

/** What all services of the compose file say. */
export const common = {
  // A process that reaps what is left behind and passes signals on.
  init: true,
  restart: 'unless-stopped',
  pids_limit: 200,
  read_only: true,
  cap_drop: ['ALL'],
  security_opt: ['no-new-privileges:true'],
  logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
} as const;

/** Health is asked for once a second until a service is healthy for the first time, every 30 s from then on. */
export const rhythm = {
  interval: '30s',
  timeout: '5s',
  retries: 3,
  start_period: '60s',
  start_interval: '1s',
} as const;

function withoutAbsent(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
