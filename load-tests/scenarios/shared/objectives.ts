import { Counter, Rate } from 'k6/metrics';
import { type Answered, type Asked, type ClientObjective, covers, isBad } from '../../objective.ts';
import { settings } from './settings.ts';

const objectives = JSON.parse(
  settings.objectivesFile === undefined ? open('../../generated/objectives.json') : open(settings.objectivesFile),
) as readonly ClientObjective[];

/** Of the run; thresholds look at it. */
const badShare = new Rate('objective_bad');
/** Of every moment: a rate of k6 is one of the whole run. */
const events = new Counter('objective_events');
const badEvents = new Counter('objective_bad_events');

/** Counts a request for each objective that speaks of it. */
export function countForObjectives(answered: Answered): void {
  for (const objective of objectivesOf(answered)) {
    const bad = isBad(objective, answered);
    const tags = { objective: objective.name };
    badShare.add(bad, tags);
    events.add(1, tags);
    badEvents.add(bad ? 1 : 0, tags);
  }
}

/** k6's thresholds: each objective's own share of bad requests. Those that are empty make k6 tell the counts of each objective while it runs. */
export function thresholds(untilMissed: boolean) {
  return Object.fromEntries(
    objectives.flatMap(({ name, allowedBadRatio }) => [
      [`objective_events{objective:${name}}`, []],
      [`objective_bad_events{objective:${name}}`, []],
      [
        badShareOf(name),
        [
          {
            threshold: `rate<=${allowedBadRatio}`,
            // So that the first failure among few requests is not the end.
            ...(untilMissed ? { abortOnFail: true, delayAbortEval: '10s' } : {}),
          },
        ],
      ],
    ]),
  );
}

interface Seen {
  readonly passes: number;
  readonly fails: number;
}

/** What was counted for each objective. */
export function countedFor(valuesOf: (metric: string) => Partial<Seen> | undefined) {
  return objectives.map(({ name, displayName, allowedBadRatio }) => {
    const { passes: bad = 0, fails: good = 0 } = valuesOf(badShareOf(name)) ?? {};
    return { name, displayName, allowedBadRatio, bad, total: bad + good };
  });
}

const badShareOf = (name: string): string => `objective_bad{objective:${name}}`;

const known = new Map<string, readonly ClientObjective[]>();

function objectivesOf({ method, route, status }: Asked): readonly ClientObjective[] {
  const key = `${method} ${route} ${status}`;
  const found = known.get(key) ?? objectives.filter((objective) => covers(objective, { method, route, status }));
  known.set(key, found);
  return found;
}
