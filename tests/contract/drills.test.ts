import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faults, findFault } from '#catalog/faults/faults.ts';
import type { Drill } from '#chaos/engine/drill.ts';
import { parseDrill } from '#chaos/engine/parse.ts';
import { baselineSchema } from '#chaos/prove/baseline.ts';
import { projectFile, projectRoot } from '#runner/project.ts';
import { onContainers, representative } from '#tests/proof/representative.ts';

interface LibraryDrill {
  readonly name: string;
  readonly text: string;
  readonly drill: Drill;
}

const library: readonly LibraryDrill[] = globSync('chaos/drills/*.yaml', { cwd: projectRoot })
  .sort()
  .map((path) => {
    const text = readFileSync(projectFile(path), 'utf8');
    return { name: basename(path, '.yaml'), text, drill: parseDrill(text, path) };
  });
const names = library.map(({ name }) => name);

/** What a library of drills has to be about, and which of them are about it. */
const topics = {
  'a sick replica behind least_conn': ['sick-replica'],
  'a zombie: it is healthy, and hangs': ['zombie-replica', 'hanging-replica'],
  'a slow replica': ['slow-replica'],
  'a flapping replica': ['flapping-replica'],
  'a lost replica': ['lost-replica'],
  'a retry storm': ['retry-storm'],
  'a brownout, and an overload that outlives its trigger': ['brownout'],
  'pool exhaustion': ['pool-exhaustion'],
  'the database is down, or fails': ['database-down', 'database-errors'],
  'slow queries behind a lock': ['table-lock'],
  'the cache is down': ['cache-down'],
  'a stampede after a flush': ['cache-stampede'],
  'eviction pressure': ['cache-eviction'],
  'a poison pill': ['poison-message'],
  'a consumer that is stuck': ['consumer-stuck'],
  'a queue that overflows, or cannot be reached': ['queue-overflow', 'queue-store-down'],
  'a leak that ends in a restart loop': ['memory-leak'],
  'a crash loop': ['crash-loop'],
  'a blocked event loop': ['event-loop-block'],
  'a burning processor': ['cpu-burn'],
  'a regression of one route': ['route-regression'],
  'a bad release': ['bad-release', 'auth-failure'],
  'a bad configuration of nginx': ['bad-nginx-config'],
  'a rate limit that is too strict': ['rate-limit-too-strict'],
  'timeouts in a row': ['cascading-timeout'],
  'a network that is slow, or narrow': ['slow-network', 'narrow-network'],
  'a flood of dead letters': ['dead-letter-flood'],
  'a flood of log lines': ['log-flood'],
  'an explosion of series': ['metric-cardinality'],
  'missing telemetry': ['telemetry-blackout', 'missing-slis'],
  'wrong data with 200': ['wrong-data'],
  'two faults at once': ['hidden-slow-database', 'sick-and-lost'],
  'no fault at all': ['no-fault', 'busy-but-well'],
  'noise that must not page': ['noise'],
} as const;

/** Faults that no drill plays, and why. */
const unplayed = {
  'crash-loop': 'A release that ends at once does to users what a crash at every start does.',
  'network-down': 'To whoever asks it is a store that is down.',
  'network-reset-peer':
    'What is reset is tried again: by nginx, by the retries of the backend, and users see none of it.',
  'network-slicer': 'Small pieces with pauses are a slow way.',
  'network-timeout': 'To whoever asks it is a way that is slower than anybody waits.',
  'process-kill': 'A replica that flaps is killed again and again.',
  'process-restart': 'Once, in order: nobody has to do anything.',
} as const;

describe('the library of drills', () => {
  it('covers every topic, and has no drill that is about nothing', () => {
    expect(Object.values<readonly string[]>(topics).flat().toSorted()).toEqual(names);
  });

  it('has thirty drills, two in which nothing is broken, two in which two things are', () => {
    const broken = library.map(({ drill }) => new Set((drill.answer ?? []).map(({ component }) => component)).size);
    expect(library.length).toBeGreaterThanOrEqual(30);
    expect(library.filter(({ drill }) => drill.faults.length === 0).length).toBeGreaterThanOrEqual(2);
    expect(broken.filter((components) => components >= 2).length).toBeGreaterThanOrEqual(2);
  });

  it('plays every fault, but for those that are listed with the reason', () => {
    const played = new Set(library.flatMap(({ drill }) => drill.faults.map(({ fault }) => fault)));
    const idle = Object.keys(faults).filter((fault) => !played.has(fault));
    expect(idle.toSorted()).toEqual(Object.keys(unplayed).toSorted());
  });
});

it('is proven on every change by drills with a fault of each place, and with none', () => {
  const proven = library.filter(({ name }) => Object.values<string>(representative).includes(name));
  expect(proven).toHaveLength(Object.keys(representative).length);
  const placesOf = ({ drill }: LibraryDrill) => drill.faults.map(({ fault }) => findFault(fault)?.place);
  expect(new Set(proven.flatMap(placesOf))).toEqual(new Set(Object.values(faults).map(({ place }) => place)));
  expect(proven.filter(({ drill }) => drill.faults.length === 0)).toHaveLength(1);
  const again = proven.filter(({ name }) => onContainers.some((each) => each === name));
  expect(new Set(again.flatMap(placesOf))).toEqual(new Set(proven.flatMap(placesOf)));
});

it('is what the baseline knows, of five episodes or more, in each of which everything fired that must', () => {
  const { drills } = baselineSchema.parse(JSON.parse(readFileSync(projectFile('chaos/baseline.json'), 'utf8')));
  expect(Object.keys(drills)).toEqual(names);
  for (const { name, drill } of library) {
    const { episodes = 0, alerts = {} } = drills[name] ?? {};
    expect(episodes, name).toBeGreaterThanOrEqual(5);
    for (const { alert } of drill.expect.mustFire) {
      expect(alerts[alert], `${name}: ${alert}`).toMatchObject({ expectation: 'must', fired: episodes });
    }
    expect(
      Object.values(alerts).filter(({ expectation }) => expectation === 'must'),
      name,
    ).toHaveLength(drill.expect.mustFire.length);
  }
});

describe.each(library)('$name', ({ name, text, drill }) => {
  const isControl = drill.answer?.every(({ cause }) => cause === 'none') ?? false;

  it('has the name of its file, a seed, a runbook and an answer', () => {
    expect(drill.metadata.name).toBe(name);
    expect(drill).toMatchObject({ seed: name, runbook: expect.stringMatching(/^docs\/runbooks\//) });
    expect(drill.answer?.length).toBeGreaterThan(0);
  });

  it('has hints that cost more the more they tell', () => {
    const costs = drill.hints.map(({ cost }) => cost);
    expect(costs.length).toBeGreaterThanOrEqual(2);
    expect(costs).toEqual(costs.toSorted((a, b) => a - b));
    expect(Math.min(...costs)).toBeGreaterThan(0);
  });

  it('names what must fire, and each alert once', () => {
    const { mustFire, mayFire } = drill.expect;
    const named = [...mustFire.map(({ alert }) => alert), ...mayFire];
    expect(mustFire.length > 0).toBe(!isControl);
    expect(named).toEqual([...new Set(named)]);
  });

  it.skipIf(isControl)('has an SLI that moves, or says why users feel nothing', () => {
    const moves = drill.expect.slis.some((sli) => sli.moves !== undefined);
    expect(moves || /^# .*\b(users?|SLI of users)\b/im.test(text)).toBe(true);
  });

  it.skipIf(drill.faults.length === 0)('can have each of its faults ended', () => {
    const ended = drill.mitigations.flatMap(({ ends }) => ends ?? drill.faults.map((_, index) => index));
    expect([...new Set(ended)].toSorted((a, b) => a - b)).toEqual(drill.faults.map((_, index) => index));
  });
});
