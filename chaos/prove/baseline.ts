import { z } from 'zod';
import type { Episode } from './episode.ts';
import { spreadOf } from './timing.ts';

const alertSchema = z.strictObject({
  expectation: z.enum(['must', 'may', 'must-not']),
  episodes: z.int().min(1),
  fired: z.int().min(0),
  /** From the injection until somebody was told; absent when nobody was. */
  secondsToTell: z.strictObject({ median: z.number(), least: z.number(), most: z.number() }).exactOptional(),
});

export const baselineSchema = z.strictObject({
  drills: z.record(z.string(), z.record(z.string(), alertSchema)),
});

/** What each alert did in each drill when that was last found good: by drill, then by alert. */
export type Baseline = Readonly<z.output<typeof baselineSchema>>;
export type BaselineAlert = z.output<typeof alertSchema>;

/** What these episodes say, of the drills all of whose episodes held. */
export function baselineOf(episodes: readonly Episode[]): Baseline {
  const drills = [...new Set(episodes.map(({ drill }) => drill))].sort();
  const good = drills.filter((drill) =>
    episodes.every((episode) => episode.drill !== drill || episode.outcome === 'held'),
  );
  return { drills: Object.fromEntries(good.map((drill) => [drill, alertsOf(drill, episodes)])) };
}

/** A drill that was proven anew takes the place of what was known of it. */
export function updatedBaseline(before: Baseline, now: Baseline): Baseline {
  const drills = { ...before.drills, ...now.drills };
  return { drills: Object.fromEntries(Object.entries(drills).sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** By alert: all that the drill names, and all that fired. */
export function alertsOf(drill: string, episodes: readonly Episode[]): Readonly<Record<string, BaselineAlert>> {
  const played = episodes.filter((episode) => episode.drill === drill && episode.played);
  const names = [...new Set(played.flatMap(({ alerts }) => alerts.map(({ alert }) => alert)))].sort();
  return Object.fromEntries(
    names.map((name) => {
      const outcomes = played.flatMap(({ alerts }) => alerts.filter(({ alert }) => alert === name));
      const spread = spreadOf(outcomes.flatMap(({ secondsToTell }) => secondsToTell ?? []));
      return [
        name,
        {
          expectation: outcomes[0]?.expectation ?? 'must-not',
          episodes: played.length,
          fired: outcomes.filter(({ fired }) => fired).length,
          ...(spread
            ? { secondsToTell: { median: round(spread.median), least: round(spread.least), most: round(spread.most) } }
            : {}),
        },
      ];
    }),
  );
}

/** Milliseconds are not worth a line in a diff. */
function round(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}
