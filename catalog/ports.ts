/** Every port a stack listens on. Ports of one replica stand together in `replicas`, in replica order. */
export interface Ports {
  readonly edge: number;
  readonly edgeStatus: number;
  readonly nginxExporter: number;
  readonly postgres: number;
  readonly postgresProxy: number;
  readonly valkey: number;
  readonly valkeyProxy: number;
  readonly valkeyQueues: number;
  readonly valkeyQueuesProxy: number;
  readonly toxiproxy: number;
  readonly collectorOtlp: number;
  readonly collectorHealth: number;
  readonly collectorMetrics: number;
  readonly loki: number;
  readonly lokiGrpc: number;
  readonly jaeger: number;
  readonly jaegerOtlp: number;
  readonly jaegerHealth: number;
  readonly jaegerMetrics: number;
  readonly prometheus: number;
  readonly alertmanager: number;
  readonly webhook: number;
  readonly grafana: number;
  readonly replicas: readonly ReplicaPorts[];
}

export interface ReplicaPorts {
  readonly http: number;
  /** Chaos control, bound to loopback only. */
  readonly control: number;
  /** Where the network between nginx and this replica can be broken; nobody listens there otherwise. */
  readonly proxy: number;
}

/** Each tool's usual port, so that what an engineer types from memory works. */
const usual = {
  edge: 8080,
  edgeStatus: 8081,
  nginxExporter: 9113,
  postgres: 5432,
  postgresProxy: 15432,
  valkey: 6379,
  valkeyProxy: 16379,
  valkeyQueues: 6380,
  valkeyQueuesProxy: 16380,
  toxiproxy: 8474,
  collectorOtlp: 4318,
  collectorHealth: 13133,
  collectorMetrics: 8888,
  loki: 3100,
  lokiGrpc: 9095,
  jaeger: 16686,
  jaegerOtlp: 14318,
  jaegerHealth: 13134,
  jaegerMetrics: 8889,
  prometheus: 9090,
  alertmanager: 9093,
  webhook: 9099,
  grafana: 3000,
} as const;

/** A stack's ports: `pick` turns each usual port into the one to listen on (an offset, or any free port). */
export function assignPorts(replicas: number, pick: (usualPort: number) => number): Ports {
  const single = Object.entries(usual).map(([name, port]) => [name, pick(port)] as const);
  return {
    ...(Object.fromEntries(single) as Record<keyof typeof usual, number>),
    replicas: Array.from({ length: replicas }, (_, index) => ({
      http: pick(4001 + index),
      control: pick(4101 + index),
      proxy: pick(4201 + index),
    })),
  };
}
