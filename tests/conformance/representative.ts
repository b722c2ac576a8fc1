/** The drills that CI proves on every runtime, of all the library: what is broken, and the drill that breaks it. */
export const representative = {
  'a service': 'sick-replica',
  'the network': 'slow-network',
  'a process': 'zombie-replica',
  'a store': 'database-down',
  'a queue': 'consumer-stuck',
  'what watches': 'telemetry-blackout',
  nothing: 'no-fault',
} as const;
