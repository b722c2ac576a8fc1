/** What the stack consists of. A service is started once all it depends on is ready. */
export interface Service {
  readonly name: ServiceName;
  readonly role: string;
  readonly dependsOn: readonly ServiceName[];
  /** Resident memory to expect when the stack idles, in bytes: a note for people, not a limit. */
  readonly idleMemoryBytes: number;
  /** The stack is whole without it: it is started where it is installed. */
  readonly optional?: true;
}

export type ReplicaName = `backend-${number}`;

export type ServiceName =
  | 'postgres'
  | 'valkey'
  | 'valkey-queues'
  | 'toxiproxy'
  | ReplicaName
  | 'nginx'
  | 'nginx-exporter'
  | 'collector'
  | 'loki'
  | 'jaeger'
  | 'prometheus'
  | 'alertmanager'
  | 'grafana';

/** Values of the label `job`: by whom a series is told. What the load generator writes has this `instance` too. */
export const jobs = {
  backend: 'backend',
  edge: 'nginx',
  collector: 'collector',
  loki: 'loki',
  jaeger: 'jaeger',
  alertmanager: 'alertmanager',
  prometheus: 'prometheus',
  load: 'k6',
} as const;
export type Job = (typeof jobs)[keyof typeof jobs];

export type Profile = 'flaky' | 'steady';

const MiB = 1024 * 1024;

/** Names of the backend replicas, first to last: `backend-1` … `backend-N`. */
export function replicaNames(replicas: number): readonly ReplicaName[] {
  return Array.from({ length: replicas }, (_, index): ReplicaName => `backend-${index + 1}`);
}

/** 0 is `backend-1`. */
export function replicaIndex(name: ReplicaName): number {
  return Number(name.slice('backend-'.length)) - 1;
}

/**
 * Share of requests that fail by themselves, 0..1.
 * `flaky` is what people explore (the second replica is worse on purpose), `steady` is what drills start from and return to.
 */
export function errorRate(profile: Profile, replica: ReplicaName): number {
  if (profile === 'steady') return 0;
  return replica === 'backend-1' ? 0.15 : 0.2;
}

/** The whole topology for N replicas. */
export function services(replicas: number): readonly Service[] {
  const backends = replicaNames(replicas);
  return [
    { name: 'postgres', role: 'database', dependsOn: [], idleMemoryBytes: 95 * MiB },
    { name: 'valkey', role: 'cache', dependsOn: [], idleMemoryBytes: 12 * MiB },
    { name: 'valkey-queues', role: 'queues', dependsOn: [], idleMemoryBytes: 12 * MiB },
    {
      name: 'toxiproxy',
      role: 'network between the backends and their stores',
      dependsOn: [],
      idleMemoryBytes: 20 * MiB,
    },
    ...backends.map((name) => ({
      name,
      role: 'backend replica',
      dependsOn: ['postgres', 'valkey', 'valkey-queues', 'toxiproxy'] as const,
      idleMemoryBytes: 110 * MiB,
    })),
    { name: 'nginx', role: 'edge, load balancer', dependsOn: backends, idleMemoryBytes: 10 * MiB },
    { name: 'nginx-exporter', role: 'edge metrics', dependsOn: ['nginx'], idleMemoryBytes: 75 * MiB },
    { name: 'loki', role: 'logs', dependsOn: [], idleMemoryBytes: 130 * MiB },
    { name: 'jaeger', role: 'traces', dependsOn: [], idleMemoryBytes: 70 * MiB },
    { name: 'collector', role: 'telemetry pipeline', dependsOn: ['loki', 'jaeger'], idleMemoryBytes: 60 * MiB },
    { name: 'alertmanager', role: 'pages', dependsOn: [], idleMemoryBytes: 40 * MiB },
    {
      name: 'prometheus',
      role: 'metrics, rules',
      // All that it scrapes: what it misses at its own start it would take for an outage.
      dependsOn: [...backends, 'nginx-exporter', 'collector', 'loki', 'jaeger', 'alertmanager'],
      idleMemoryBytes: 90 * MiB,
    },
    {
      name: 'grafana',
      role: 'dashboards',
      dependsOn: ['prometheus', 'loki', 'jaeger', 'alertmanager'],
      idleMemoryBytes: 150 * MiB,
      optional: true,
    },
  ];
}
