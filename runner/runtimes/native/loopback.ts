import type { Address } from '#catalog/address.ts';
import { type ReplicaName, replicaNames } from '#catalog/services.ts';
import type { StackOptions } from '../runtime.ts';

/** Natively everything listens on loopback and is reached there. */
export function loopback(port: number): Address {
  return { host: '127.0.0.1', port };
}

/** Where each replica serves, first to last. */
export function replicaAddresses({ ports, replicas }: Pick<StackOptions, 'ports' | 'replicas'>) {
  return replicaNames(replicas).map((name: ReplicaName, index) => ({
    name,
    address: loopback(ports.replicas[index]?.http ?? 0),
  }));
}
