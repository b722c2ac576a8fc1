import { z } from 'zod';
import type { Episode } from './episode.ts';

const alertSchema = z.strictObject({
  expectation: z.enum(['must', 'may', 'must-not']),
  fired: z.int().min(0),
  /** From the injection until somebody was told, of each time; ascending. */
  secondsToTell: z.array(z.number()),
});

const drillSchema = z.strictObject({
  episodes: z.int().min(1),
  /** All that the drill names, and all that fired. */
  alerts: z.record(z.string(), alertSchema),
});

export const baselineSchema = z.strictObject({ drills: z.record(z.string(), drillSchema) });

/** What each alert did in each drill when that was last found good: by drill, then by alert. */
export type Baseline = Readonly<z.output<typeof baselineSchema>>;
export type BaselineDrill = z.output<typeof drillSchema>;
export type BaselineAlert = z.output<typeof alertSchema>;

/** What these episodes say, of the drills all of whose episodes held. */
export function baselineOf(episodes: readonly Episode[]): Baseline {
  const drills = [...new Set(episodes.map(({ drill }) => drill))].sort();
  const good = drills.filter((drill) =>
    episodes.every((episode) => episode.drill !== drill || episode.outcome === 'held'),
  );
  return { drills: Object.fromEntries(good.map((drill) => [drill, drillOf(drill, episodes)])) };
}

/** A drill that was proven anew takes the place of what was known of it. */
export function updatedBaseline(before: Baseline, now: Baseline): Baseline {
  return { drills: inOrder({ ...before.drills, ...now.drills }) };
}

/** What was seen of a drill is one more part of what is known of it. */
export function grownBaseline(before: Baseline, now: Baseline): Baseline {
  const grown = Object.entries(now.drills).map(([drill, seen]) => {
    const known = before.drills[drill];
    return [drill, known ? together(known, seen) : seen] as const;
  });
  return updatedBaseline(before, { drills: Object.fromEntries(grown) });
}

/** Of the episodes that were played. */
export function drillOf(drill: string, episodes: readonly Episode[]): BaselineDrill {
  const played = episodes.filter((episode) => episode.drill === drill && episode.played);
  const names = [...new Set(played.flatMap(({ alerts }) => alerts.map(({ alert }) => alert)))].sort();
  const alerts = names.map((name) => {
    const outcomes = played.flatMap((each) => each.alerts.filter(({ alert }) => alert === name));
    return [
      name,
      {
        expectation: outcomes[0]?.expectation ?? 'must-not',
        fired: outcomes.filter(({ fired }) => fired).length,
        secondsToTell: ascending(outcomes.flatMap(({ secondsToTell }) => secondsToTell ?? []).map(round)),
      },
    ] as const;
  });
  return { episodes: played.length, alerts: Object.fromEntries(alerts) };
}

function together(known: BaselineDrill, seen: BaselineDrill): BaselineDrill {
  const alerts = { ...known.alerts };
  for (const [name, alert] of Object.entries(seen.alerts)) {
    const before = alerts[name] ?? { fired: 0, secondsToTell: [] };
    alerts[name] = {
      expectation: alert.expectation,
      fired: before.fired + alert.fired,
      secondsToTell: ascending([...before.secondsToTell, ...alert.secondsToTell]),
    };
  }
  return { episodes: known.episodes + seen.episodes, alerts: inOrder(alerts) };
}

function inOrder<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function ascending(numbers: readonly number[]): number[] {
  return numbers.toSorted((a, b) => a - b);
}

/** Milliseconds are not worth a line in a diff. */
function round(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}
