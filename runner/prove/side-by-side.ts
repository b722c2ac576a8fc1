/** What one stack takes with its load generator while a drill runs, in bytes: measured 0.8 GiB, and as much again for what a fault takes. */
const stackBytes = 1.6 * 1024 ** 3;
/** Left for everybody else. */
const spareBytes = 1024 ** 3;
/** With less than this per stack, what is measured is about the machine: a stack under 120 requests a second takes 0.3, and more while it starts. */
const coresPerStack = 0.6;

export interface SideBySide {
  readonly stacks: number;
  /** Why so many, for the person. */
  readonly reason: string;
}

export interface Machine {
  readonly availableBytes: number;
  readonly cores: number;
}

/** How many stacks run beside each other: as many as are asked for, have memory, and have something to do. */
export function sideBySide(asked: number, episodes: number, { availableBytes, cores }: Machine): SideBySide {
  const room = Math.max(1, Math.floor((availableBytes - spareBytes) / stackBytes));
  const stacks = Math.max(1, Math.min(asked, room, episodes));
  const gibibytes = (availableBytes / 1024 ** 3).toFixed(1);
  const memory = `${gibibytes} GiB are available, which is enough for ${room}`;
  const busy =
    stacks * coresPerStack > cores && stacks > 1
      ? `; with less than ${coresPerStack} cores for each expect alerts to be told later`
      : '';
  return { stacks, reason: `${stacks} of ${asked} stacks side by side: ${memory}${busy}` };
}
