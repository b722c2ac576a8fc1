import fc, { type Arbitrary } from 'fast-check';

/** A counter as it is scraped, once a second; undefined where it is not. */
export type Samples = readonly (number | undefined)[];

/** What a replica counts. */
export interface CountedReplica {
  readonly good: Samples;
  readonly bad: Samples;
}

/** Long enough for a few things to happen, with an end at which nothing happens any more, so that all of it is counted. */
export const timelineSeconds = 240;
const quietSeconds = 20;

interface Stretch {
  readonly begins: 'goes on' | 'restarts' | 'was away';
  readonly awaySeconds: number;
  readonly seconds: number;
  readonly good: number;
  readonly bad: number;
}

const stretch: Arbitrary<Stretch> = fc.record({
  begins: fc.constantFrom('goes on', 'goes on', 'goes on', 'restarts', 'was away'),
  awaySeconds: fc.integer({ min: 1, max: 15 }),
  seconds: fc.integer({ min: 1, max: 60 }),
  good: fc.constantFrom(0, 0, 1, 7, 50, 400),
  bad: fc.constantFrom(0, 0, 0, 1, 9, 120),
});

interface Life {
  readonly bornAt: number;
  readonly countedBefore: number;
  readonly goesAway: boolean;
  readonly stretches: readonly Stretch[];
}

const eventful: Arbitrary<Life> = fc.record({
  bornAt: fc.constantFrom(0, 0, 3, 60, 150),
  countedBefore: fc.constantFrom(0, 5, 1e6),
  goesAway: fc.boolean(),
  stretches: fc.array(stretch, { minLength: 1, maxLength: 8 }),
});

/** Was there before, and stays: nothing but its traffic changes. */
const lasting: Arbitrary<Life> = eventful.map(({ stretches }) => ({
  bornAt: 0,
  countedBefore: 1e6,
  goesAway: false,
  stretches: stretches.map((each) => ({ ...each, begins: 'goes on' })),
}));

/** One to four replicas that come and go, start anew, are idle, busy, well and ill; in a third of all cases they just last. */
export const replicas: Arbitrary<readonly CountedReplica[]> = fc
  .oneof({ arbitrary: several(eventful), weight: 2 }, { arbitrary: several(lasting), weight: 1 })
  .map((lives) => lives.map((life) => ({ good: count(life, ({ good }) => good), bad: count(life, ({ bad }) => bad) })));

function several(life: Arbitrary<Life>): Arbitrary<readonly Life[]> {
  return fc.array(life, { minLength: 1, maxLength: 4 });
}

function count(life: Life, perSecond: (stretch: Stretch) => number): Samples {
  const { bornAt, countedBefore, goesAway, stretches } = life;
  const samples: (number | undefined)[] = Array(bornAt === 0 ? quietSeconds : bornAt).fill(
    bornAt === 0 ? countedBefore : undefined,
  );
  let value = countedBefore;
  for (const each of stretches) {
    if (each.begins === 'was away') samples.push(...Array(each.awaySeconds).fill(undefined));
    if (each.begins === 'restarts') value = 0;
    for (let second = 0; second < each.seconds; second++) {
      // Bursts: nothing, once, twice as much.
      value += perSecond(each) * (second % 3);
      samples.push(value);
    }
  }
  const length = timelineSeconds - quietSeconds;
  const busy = samples.slice(0, length);
  const last = busy.findLast((sample) => sample !== undefined);
  const quiet = timelineSeconds + 1 - busy.length;
  return [...busy, ...Array(quiet).fill(goesAway && busy.length < length ? undefined : last)];
}

/** Events from sample to sample, and by how many of them a count may be off that sees them through windows of `n` samples. */
export interface Truth {
  readonly events: number;
  readonly tolerance: number;
}

/**
 * Nothing is off where each window that holds an increase is full of samples, and does not begin at so low a value that
 * Prometheus takes the counter for one that has just begun. There, the count may be short by one part in n; where samples are
 * missing, an increase may count up to twice, or not at all.
 */
export function truthOf(samples: Samples, n: number): Truth {
  const increases = increasesOf(samples);
  let events = 0;
  let tolerance = 0;
  for (const [at, increase] of increases.entries()) {
    if (increase === 0) continue;
    events += increase;
    const windows = Array.from({ length: n - 1 }, (_, index) => at - n + 1 + index);
    const full = windows.every((first) => isFull(samples, first, n));
    const low = windows.some((first) => {
      const within = increases.slice(first + 1, first + n).reduce((sum, each) => sum + each, 0);
      return (samples[first] ?? 0) * (n - 1) < within;
    });
    if (!full) tolerance += increase;
    else if (low) tolerance += increase / n;
  }
  return { events, tolerance };
}

function isFull(samples: Samples, first: number, n: number): boolean {
  return first >= 0 && samples.slice(first, first + n).filter((sample) => sample !== undefined).length === n;
}

/** By the sample that shows it. A counter that went down began anew at 0; what it counted before it was first seen is unknown. */
function increasesOf(samples: Samples): readonly number[] {
  let last: number | undefined;
  return samples.map((sample) => {
    if (sample === undefined) return 0;
    const increase = last === undefined ? 0 : sample >= last ? sample - last : sample;
    last = sample;
    return increase;
  });
}
