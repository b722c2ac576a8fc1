/** Looks at the running stack from outside, once. */
export interface Probe {
  readonly name: string;
  readonly expected: string;
  look(signal: AbortSignal): Promise<Observation>;
}

export interface Observation {
  readonly held: boolean;
  readonly observed: string;
}
