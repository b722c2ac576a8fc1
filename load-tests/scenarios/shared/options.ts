import type { Options } from 'k6/options';
import { arrivals, type Profile, profiles } from '../../profiles.ts';
import { type ScenarioName, scenarios } from '../../scenario-list.ts';
import { thresholds } from './objectives.ts';
import { settings } from './settings.ts';

/** A scenario in the profile that the settings ask for. */
export function optionsOf(scenario: ScenarioName): Options {
  const { profileName, ratePerSecond, durationSeconds, gracefulStopSeconds } = settings;
  const profile: Profile = profiles[profileName];
  const { requestsPerIteration } = scenarios[scenario];
  return {
    scenarios: {
      [scenario]: {
        ...arrivals({ profile, ratePerSecond, durationSeconds }, requestsPerIteration),
        gracefulStop: `${gracefulStopSeconds}s`,
      },
    },
    thresholds: thresholds(profile.untilMissed ?? false),
    // A burst is sent at once.
    batchPerHost: 20,
    batch: 20,
    summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
  } as Options;
}
