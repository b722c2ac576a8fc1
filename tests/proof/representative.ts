/** The drills that CI proves, of all the library: what is broken, and the drill that breaks it. */
export const representative = {
  'a service': 'sick-replica',
  'the network': 'slow-network',
  'a process': 'zombie-replica',
  'a store': 'database-down',
  'a queue': 'consumer-stuck',
  'what watches': 'telemetry-blackout',
  nothing: 'no-fault',
} as const;

/** Those of them that are proven on containers, too: a fault in a service, in the network, and in a container. */
export const onContainers = ['sick-replica', 'slow-network', 'database-down'] as const;
