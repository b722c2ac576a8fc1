import { evaluationIntervalSeconds, scrapeIntervalSeconds } from '#catalog/time-scale.ts';
import { wilsonInterval } from '#statistics/wilson.ts';
import { type Baseline, type BaselineAlert, type BaselineDrill, drillOf } from './baseline.ts';
import type { Episode } from './episode.ts';
import { spreadOf } from './timing.ts';

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
    const now = drillOf(drill, played);
    const names = [...new Set([...Object.keys(known.alerts), ...Object.keys(now.alerts)])].sort();
    return names.flatMap((alert) => {
      const [was, is] = [countedIn(known, alert), countedIn(now, alert)];
      return [...byShare(was, is), ...byTime(was, is, timeScale)].map((change) => ({ drill, alert, ...change }));
    });
  });
}

type Counted = BaselineAlert & { readonly episodes: number };

function countedIn({ episodes, alerts }: BaselineDrill, alert: string): Counted {
  return { ...(alerts[alert] ?? silent), episodes };
}

const silent: BaselineAlert = { expectation: 'must-not', fired: 0, secondsToTell: [] };
type Found = Omit<Change, 'drill' | 'alert'>;

function byShare(was: Counted, is: Counted): readonly Found[] {
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
  const [before, now] = [spreadOf(was.secondsToTell), spreadOf(is.secondsToTell)];
  if (is.expectation !== 'must' || !before || !now) return [];
  const phaseSeconds = scrapeIntervalSeconds(timeScale) + evaluationIntervalSeconds(timeScale);
  const { least, most } = before;
  const { median } = now;
  const what = `told after ${median.toFixed(2)} s, before after ${least.toFixed(2)} to ${most.toFixed(2)} s (± ${phaseSeconds} s)`;
  if (median > most + phaseSeconds) return [{ kind: 'slower', regression: true, what }];
  if (median < least - phaseSeconds) return [{ kind: 'faster', regression: false, what }];
  return [];
}
