import { evaluationIntervalSeconds, scrapeIntervalSeconds } from '#catalog/time-scale.ts';
import { wilsonInterval } from '#statistics/wilson.ts';
import { alertsOf, type Baseline, type BaselineAlert } from './baseline.ts';
import type { Episode } from './episode.ts';

/** What is different from the baseline, beyond chance. */
export interface Change {
  readonly drill: string;
  readonly alert: string;
  readonly kind: 'slower' | 'lost' | 'noisy' | 'faster' | 'new';
  /** Worse than it was: the proof fails. */
  readonly regression: boolean;
  /** A sentence. */
  readonly what: string;
}

/** Compares the drills that were played, alert by alert, with what is known of them. */
export function changesSince(baseline: Baseline, episodes: readonly Episode[]): readonly Change[] {
  const played = episodes.filter((episode) => episode.played);
  const drills = [...new Set(played.map(({ drill }) => drill))];
  return drills.flatMap((drill) => {
    const timeScale = played.find((episode) => episode.drill === drill)?.timeScale ?? 1;
    const known = baseline.drills[drill];
    if (!known) {
      return [{ drill, alert: '', kind: 'new', regression: false, what: 'is not in the baseline yet' } as const];
    }
    const now = alertsOf(drill, played);
    const ofDrill = played.filter((episode) => episode.drill === drill).length;
    const names = [...new Set([...Object.keys(known), ...Object.keys(now)])].sort();
    return names.flatMap((alert) => {
      const was = known[alert] ?? silent(episodesOf(known));
      const is = now[alert] ?? silent(ofDrill);
      return [...byShare(was, is), ...byTime(was, is, timeScale)].map((change) => ({ drill, alert, ...change }));
    });
  });
}

type Found = Omit<Change, 'drill' | 'alert'>;

function byShare(was: BaselineAlert, is: BaselineAlert): readonly Found[] {
  const what = `fired in ${is.fired} of ${is.episodes} episodes, before in ${was.fired} of ${was.episodes}`;
  const [before, now] = [wilsonInterval(was.fired, was.episodes), wilsonInterval(is.fired, is.episodes)];
  // What must fire, or must not, is certain: one episode is enough. What may is a matter of chance.
  const isLess = is.fired * was.episodes < was.fired * is.episodes;
  if (isLess && (is.expectation === 'must' || now.high < before.low)) return [{ kind: 'lost', regression: true, what }];
  const isMore = is.fired * was.episodes > was.fired * is.episodes;
  if (isMore && is.expectation === 'must-not') return [{ kind: 'noisy', regression: true, what }];
  if (isMore && is.expectation === 'may' && now.low > before.high) return [{ kind: 'noisy', regression: true, what }];
  return [];
}

/**
 * Two medians differ when the one of now is outside of all that was seen before, by more than what depends on the moment at which a
 * fault begins: the next scrape and the next evaluation.
 */
function byTime(was: BaselineAlert, is: BaselineAlert, timeScale: number): readonly Found[] {
  if (is.expectation !== 'must' || !was.secondsToTell || !is.secondsToTell) return [];
  const phaseSeconds = scrapeIntervalSeconds(timeScale) + evaluationIntervalSeconds(timeScale);
  const { least, most } = was.secondsToTell;
  const { median } = is.secondsToTell;
  const what = `told after ${median.toFixed(2)} s, before after ${least.toFixed(2)} to ${most.toFixed(2)} s (± ${phaseSeconds} s)`;
  if (median > most + phaseSeconds) return [{ kind: 'slower', regression: true, what }];
  if (median < least - phaseSeconds) return [{ kind: 'faster', regression: false, what }];
  return [];
}

function silent(episodes: number): BaselineAlert {
  return { expectation: 'must-not', episodes, fired: 0 };
}

/** A control in which nothing fired names no alert; it was played once at least. */
function episodesOf(known: Readonly<Record<string, BaselineAlert>>): number {
  return Object.values(known)[0]?.episodes ?? 1;
}
