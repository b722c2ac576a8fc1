import type { Address } from '#catalog/address.ts';
import type { ContainerName } from '#catalog/containers.ts';
import type { ReplicaName } from '#catalog/services.ts';
import type { NginxParams } from '#nginx/render.ts';

/** What may be done from outside to a running stack, whatever it runs on. All of it can be done twice without harm. */
export interface StackActions {
  /** What ends has no address any more, a moment before it has no name: who connects just then is not even refused, and waits. */
  readonly addressesEnd: boolean;
  /** Ends its processes at once, as a crash would: whoever keeps it starts it again, or nobody. */
  kill(name: ContainerName): Promise<void>;
  /** Its processes do not run: it takes connections, and never answers. */
  pause(name: ContainerName): Promise<void>;
  resume(name: ContainerName): Promise<void>;
  /** It stays down until it is started. */
  stop(name: ContainerName, how?: 'in order' | 'at once'): Promise<void>;
  /** Resolves when it is started, which is before it is ready. */
  start(name: ContainerName): Promise<void>;
  /** In order; resolves when it is started again. */
  restart(name: ContainerName): Promise<void>;
  /** Starts it again with this added to its environment, in place of what was added before. */
  reconfigure(name: ReplicaName, environment: Readonly<Record<string, string>>): Promise<void>;
  /** Lets nginx go on with another configuration; resolves when it has taken it. */
  configureEdge(change: (usual: NginxParams) => NginxParams): Promise<void>;
  /** How Toxiproxy can be put between nginx and a replica. */
  wayTo(name: ReplicaName): ReplicaWay;
  /** Asks one of the Valkeys and gives its answer as text. */
  askValkey(name: 'valkey' | 'valkey-queues', command: readonly string[]): Promise<string>;
}

export interface ReplicaWay {
  /** Where the proxy listens, and where it passes on to, by its own words: `host:port`. */
  readonly listen: string;
  readonly upstream: string;
  /** Where nginx finds the proxy. */
  readonly proxy: Address;
  /** What nginx logs without it. */
  readonly logged: string;
}
