/** Versions that serve: `atLeast` included, `below` not. */
export interface VersionRange {
  readonly atLeast: string;
  readonly below?: string;
}

/** True when a dotted version lies in the range; missing parts count as 0. */
export function fits(version: string, { atLeast, below }: VersionRange): boolean {
  return compareVersions(version, atLeast) >= 0 && (below === undefined || compareVersions(version, below) < 0);
}

/** Negative when `left` is older than `right`. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [parts(left), parts(right)];
  const length = Math.max(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** For people: `≥ 1.18`, `≥ 3.5 and < 4`. */
export function describeRange({ atLeast, below }: VersionRange): string {
  return below === undefined ? `≥ ${atLeast}` : `≥ ${atLeast} and < ${below}`;
}

function parts(version: string): number[] {
  return version.split('.').map((part) => Number.parseInt(part, 10) || 0);
}
