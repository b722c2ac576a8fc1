import { timeouts } from '../../../catalog/timeouts.ts';
import { type ProfileName, profileNames, profiles } from '../../profiles.ts';

const { PROFILE = 'load', RATE_PER_SECOND, DURATION_SECONDS, TARGET_URL, SEED, TIMEOUT_SECONDS } = __ENV;
const profileName = profileNames.find((name) => name === PROFILE);
if (profileName === undefined) {
  throw new Error(`PROFILE: expected one of ${profileNames.join(', ')} (got "${PROFILE}")`);
}

/** All that a scenario reads from its environment; what is absent or empty is the profile's. */
export const settings = {
  profileName: profileName as ProfileName,
  ratePerSecond: numberOf('RATE_PER_SECOND', RATE_PER_SECOND) ?? profiles[profileName].ratePerSecond,
  durationSeconds: numberOf('DURATION_SECONDS', DURATION_SECONDS) ?? profiles[profileName].durationSeconds,
  targetUrl: TARGET_URL || 'http://127.0.0.1:8080',
  /** Decides who asks for what, in which order. */
  seed: SEED || 'firedrill',
  timeoutSeconds: numberOf('TIMEOUT_SECONDS', TIMEOUT_SECONDS) ?? timeouts.clientSeconds,
  /** For answers that are still waited for at the end. */
  gracefulStopSeconds: numberOf('GRACEFUL_STOP_SECONDS', __ENV.GRACEFUL_STOP_SECONDS) ?? timeouts.clientSeconds,
  token: __ENV.TOKEN || undefined,
  /** Signs a token where none is given. */
  tokenSecret: __ENV.JWT_SECRET || undefined,
  /** Of another service than ours; the generated ones when absent. */
  objectivesFile: __ENV.OBJECTIVES_FILE || undefined,
  /** What `paths` asks for. */
  paths: pathsOf(__ENV.PATHS),
  summaryFile: __ENV.SUMMARY_FILE || 'stdout',
  /** Everything that k6 knows of the run; nowhere when absent. */
  k6SummaryFile: __ENV.K6_SUMMARY_FILE || undefined,
};

/** A JSON list. */
function pathsOf(text: string | undefined): readonly string[] {
  const paths: unknown = text ? JSON.parse(text) : ['/'];
  if (Array.isArray(paths) && paths.length > 0 && paths.every((path) => /^\//.test(path))) return paths;
  throw new Error(`PATHS: expected a JSON list of paths (got "${text}")`);
}

function numberOf(name: string, text: string | undefined): number | undefined {
  if (!text) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`${name}: expected a whole number above 0 (got "${text}")`);
}
