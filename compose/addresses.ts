import type { Address } from '#catalog/address.ts';
import { replicaPorts } from '#catalog/containers.ts';
import { assignPorts } from '#catalog/ports.ts';
import { type ReplicaName, replicaNames } from '#catalog/services.ts';
import { knob } from './knobs.ts';

/** In its container every service listens on its usual port. */
export const ports = assignPorts(0, (usual) => usual);

/** Where a service is reached by the others: by its name. */
export function at(host: string, port: number): Address {
  return { host, port };
}

/** On all addresses of its container; what of it leaves the network is said by its published ports. */
export function everywhere(port: number): Address {
  return { host: '0.0.0.0', port };
}

/** Where each replica serves, first to last. */
export function replicaAddresses(replicas: number) {
  return replicaNames(replicas).map((name) => ({ name, address: at(name, replicaPorts.http) }));
}

/**
 * The address of a replica is fixed: nginx asks for it once, at its start, and its access log names it; one that came back under
 * another address would get no request and be counted to nobody.
 */
export function replicaIp(replica: ReplicaName, networkPrefix?: string): string {
  return ip(10 + Number(replica.slice('backend-'.length)), networkPrefix);
}

/** The engine's own address in the network: requests from this machine come from there. */
export const gatewayIp = ip(1);

/** Those who speak for many users, by the names that nginx knows them by. */
export const trustedProxies = { gateway: gatewayIp, k6: ip(5) } as const;

export function ip(last: number, networkPrefix = knob('NETWORK_PREFIX')): string {
  return `${networkPrefix}.${last}`;
}
