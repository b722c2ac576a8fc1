/** Units of panels, by the names that Grafana knows them by. */
export const units = {
  count: 'short',
  share: 'percentunit',
  seconds: 's',
  bytes: 'bytes',
  bytesPerSecond: 'binBps',
  requestsPerSecond: 'reqps',
  perSecond: 'ops',
  messagesPerSecond: 'mps',
  time: 'dateTimeAsIso',
  duration: 'dtdurations',
  /** Numbers with a meaning, shown as words. */
  state: 'none',
  /** How many times faster than allowed, of a burn rate. */
  factor: 'suffix:×',
} as const;
export type Unit = (typeof units)[keyof typeof units];
