/** What a line says of when it was told, in nanoseconds of the engine's clock, and by whom. */
export interface Stamp {
  readonly source: string;
  readonly timeNs: bigint;
}

/** Which lines were told already, for whoever has to ask a second time: by the engine's clock, which need not go as this machine's does. */
export interface News {
  /** Whether this line is one that was not there before the last call of `askAgain`; what has no time always is. */
  isNew(line: string): boolean;
  /** From when on to ask for lines so that none is missing; undefined for from the beginning. */
  askAgain(): string | undefined;
}

/** Lines of several sources come apart by moments: so much earlier than the latest one the next asking begins. */
const overlapMs = 10_000;

export function news(stampOf: (line: string) => Stamp | undefined): News {
  const latest = new Map<string, bigint>();
  let known: ReadonlyMap<string, bigint> = new Map();
  return {
    isNew: (line) => {
      const stamp = stampOf(line);
      if (stamp === undefined) return true;
      const { source, timeNs } = stamp;
      const before = latest.get(source);
      if (before === undefined || timeNs > before) latest.set(source, timeNs);
      // Not by the line before it: standard output and error of a container may overtake each other.
      return timeNs > (known.get(source) ?? -1n);
    },
    askAgain: () => {
      known = new Map(latest);
      if (known.size === 0) return undefined;
      const newestMs = Math.max(...[...known.values()].map((timeNs) => Number(timeNs / 1_000_000n)));
      return new Date(newestMs - overlapMs).toISOString();
    },
  };
}

/** Nanoseconds since 1970 of a time as Go writes it, in any zone and with any number of digits; undefined for other texts. */
export function timeNsOf(text: string): bigint | undefined {
  const [, seconds, fraction = '', zone = ''] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  if (seconds === undefined) return undefined;
  return BigInt(Date.parse(seconds + zone)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}
