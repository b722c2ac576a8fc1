import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Profile, profileNames, profiles } from '#load-tests/profiles.ts';
import { scenarioNames, scenarios } from '#load-tests/scenario-list.ts';
import { projectFile, projectRoot } from '#runner/project.ts';
import { slosOfStack } from '#runner/rules.ts';
import { toolsFor } from '#tests/support/tools.ts';

interface Inspected {
  readonly scenarios: Readonly<Record<string, Executor>>;
  readonly thresholds: Readonly<Record<string, readonly unknown[]>>;
}

interface Executor {
  readonly executor: string;
  readonly timeUnit: string;
  readonly gracefulStop: string;
  readonly preAllocatedVUs: number;
  readonly maxVUs: number;
}

const { k6 } = await toolsFor('k6');
const folder = 'load-tests/scenarios';

describe('the scenarios', () => {
  it('are the files of their folder', () => {
    const files = globSync(`${folder}/*.ts`, { cwd: projectRoot }).map((file) => basename(file, '.ts'));
    expect(files.sort()).toEqual([...scenarioNames].sort());
  });

  it('and the profiles are all in the document about load tests', () => {
    const text = readFileSync(projectFile('docs/load-testing.md'), 'utf8');
    for (const name of [...scenarioNames, ...profileNames]) expect(text).toContain(`| \`${name}\` |`);
  });
});

describe.each(scenarioNames)('k6 takes %s', (scenario) => {
  it.each(profileNames)('as %s, in an open model, with the limits of the SLOs', async (profile) => {
    const { scenarios: taken, thresholds } = await inspect(scenario, { PROFILE: profile });
    const executor = taken[scenario];
    expect(Object.keys(taken)).toEqual([scenario]);
    expect(executor?.executor).toMatch(/^(constant|ramping)-arrival-rate$/);
    expect(executor?.timeUnit).toBe(`${scenarios[scenario].requestsPerIteration}s`);
    // Whoever is still waited for at the end is waited for until there is an answer.
    expect(executor?.gracefulStop).toBe('21s');
    const { ratePerSecond, untilMissed }: Profile = profiles[profile];
    expect(executor?.preAllocatedVUs).toBe(Math.min(1000, 4 * ratePerSecond));
    const limits = (await slosSeenByClients()).flatMap(({ name, target }) => {
      const threshold = `rate<=${Number((1 - target).toFixed(10))}`;
      const kept = untilMissed ? { threshold, abortOnFail: true, delayAbortEval: '10s' } : threshold;
      const counted = ['objective_events', 'objective_bad_events'].map((metric) => [
        `${metric}{objective:${name}}`,
        [],
      ]);
      return [[`objective_bad{objective:${name}}`, [kept]], ...counted];
    });
    expect(thresholds).toEqual(Object.fromEntries(limits));
  });
});

describe('k6', () => {
  it('refuses a setting by its name, its value and what was expected', async () => {
    await expect(inspect('browse', { PROFILE: 'huge' })).rejects.toThrow(
      'PROFILE: expected one of smoke, load, stress, spike, soak, breakpoint (got "huge")',
    );
    await expect(inspect('browse', { RATE_PER_SECOND: '1.5' })).rejects.toThrow(
      'RATE_PER_SECOND: expected a whole number above 0 (got "1.5")',
    );
  });

  it('finds in its container what scenarios read: they read nothing but load-tests and the catalog', () => {
    const compose = parse(readFileSync(projectFile('docker-compose.yml'), 'utf8'), { merge: true });
    const mounted = (compose.services.k6.volumes as readonly string[]).map((volume) => volume.split(':')[0]);
    expect(mounted).toEqual(['./load-tests', './catalog']);
    const read = globSync(`${folder}/**/*.ts`, { cwd: projectRoot }).flatMap((file) =>
      [...readFileSync(projectFile(file), 'utf8').matchAll(/(?:from|open\() ?'(\.[^']+)'/g)].map(([, path = '']) =>
        join(file, '..', path),
      ),
    );
    expect(read.length).toBeGreaterThan(20);
    expect(read.filter((path) => !/^(load-tests|catalog)\//.test(path))).toEqual([]);
  });

  it('gets every setting of a scenario in its container', () => {
    const compose = parse(readFileSync(projectFile('docker-compose.yml'), 'utf8'), { merge: true });
    expect(Object.keys(compose.services.k6.environment)).toEqual(
      expect.arrayContaining(['TARGET_URL', 'PROFILE', 'RATE_PER_SECOND', 'DURATION_SECONDS', 'SEED', 'JWT_SECRET']),
    );
  });
});

/** What only servers can tell is judged where it is counted. */
async function slosSeenByClients() {
  const seen = ['edge-availability', 'edge-latency', 'write-availability'];
  return (await slosOfStack()).filter(({ name }) => seen.includes(name));
}

async function inspect(scenario: string, settings: Readonly<Record<string, string>>): Promise<Inspected> {
  const env = Object.entries(settings).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const file = projectFile(`${folder}/${scenario}.ts`);
  const { failed, stdout, stderr } = await execa(k6, ['inspect', ...env, file], { reject: false });
  if (failed) throw new Error(stderr.replaceAll('\\"', '"'));
  return JSON.parse(stdout) as Inspected;
}
