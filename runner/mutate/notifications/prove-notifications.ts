import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import type { AlertmanagerConfig } from '#observability/alertmanager/config.ts';
import { notificationMutants } from '#observability/mutants/notifications/mutants.ts';
import type { NotificationMutant } from '#observability/mutants/notifications/notification-mutant.ts';
import type { Outcome } from '#observability/mutants/outcome.ts';
import type { Scene } from '#observability/notification-tests/scene.ts';
import { RunnerError } from '../../errors.ts';
import type { Progress } from '../../progress.ts';
import { noMemory, openMemory } from '../memory.ts';
import { remaining } from '../remaining.ts';
import { NeverSeen, type PlayOptions } from './alertmanager.ts';
import { type NotificationTests, playTests } from './play-tests.ts';

export interface ProveNotificationsOptions extends PlayOptions {
  readonly amtool: string;
  /** Decides, with what is asked, whether an answer that was got before still holds. */
  readonly alertmanagerVersion: string;
  readonly jobs: number;
  readonly remember: boolean;
  readonly progress: Progress;
}

/** The configuration at a time scale, and what is to be seen of it. */
export interface NotificationProof {
  readonly configOf: (timeScale: number, webhookUrl: string) => AlertmanagerConfig;
  readonly tests: NotificationTests;
}

/** All mutants of it. */
export function mutantsOf({ configOf }: NotificationProof): readonly NotificationMutant[] {
  return notificationMutants(configOf(1, ''));
}

/**
 * Plays mutants of the configuration on real Alertmanagers.
 * @throws RunnerError USAGE when a test fails with the configuration as it is: what it says of a mutant would mean nothing
 */
export async function proveNotifications(
  { configOf, tests }: NotificationProof,
  mutants: readonly NotificationMutant[],
  options: ProveNotificationsOptions,
): Promise<readonly Outcome[]> {
  const { progress, remember, alertmanagerVersion: version } = options;
  const memory = remember ? await openMemory<Answer>(`notifications-${version}`) : noMemory<Answer>();
  const keyOf = (config: AlertmanagerConfig) => hashOf([JSON.stringify(tests), stringify(config)]);
  await progress.step('Playing the tests of notifications with the configuration as it is', async () => {
    const key = keyOf(configOf(1, ''));
    if (memory.get(key)) return;
    const failed = await playTests(tests, configOf, options);
    if (failed !== undefined)
      throw new RunnerError('USAGE', `notifications, with the configuration as it is: ${failed}`);
    await memory.keep([[key, { fate: 'survived', because: '' }]]);
  });
  const left = remaining(mutants.length);
  return await progress.step(`Playing ${mutants.length} mutants of notifications`, async (report) => {
    const outcomes = new Map<NotificationMutant, Outcome>();
    const waiting = [...mutants];
    const worker = async () => {
      for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
        const { make } = mutant;
        const key = keyOf(make(configOf(1, '')));
        const answer = memory.get(key) ?? (await examine(mutant, { configOf, tests }, options));
        await memory.keep([[key, answer]]);
        outcomes.set(mutant, { mutant, ...answer });
        report(left(outcomes.size, [...outcomes.values()].filter(({ fate }) => fate === 'killed').length));
      }
    };
    await Promise.all(Array.from({ length: options.jobs }, worker));
    return mutants.flatMap((mutant) => outcomes.get(mutant) ?? []);
  });
}

type Answer = Pick<Outcome, 'fate' | 'because'>;

async function examine(
  { id, subject, make }: NotificationMutant,
  { configOf, tests }: NotificationProof,
  options: ProveNotificationsOptions,
): Promise<Answer> {
  const file = join(options.directory, `${hashOf([id])}.yaml`);
  await writeFile(file, stringify(make(configOf(1, 'http://127.0.0.1/'))));
  const { signal: cancelSignal } = options;
  const checked = await execa(options.amtool, ['check-config', file], { cancelSignal, reject: false });
  cancelSignal.throwIfAborted();
  if (checked.failed) return { fate: 'refused', because: checked.stderr.trim() };
  try {
    const failed = await playTests(ownFirst(tests, subject), (scale, url) => make(configOf(scale, url)), options);
    if (failed !== undefined) return { fate: 'killed', because: failed };
    return { fate: 'survived', because: 'every scene is as it was, and every notification comes as it did' };
  } catch (error) {
    if (error instanceof NeverSeen) return { fate: 'timed-out', because: error.message };
    throw error;
  }
}

/** The scenes that are named after what is mutated notice most. */
function ownFirst(tests: NotificationTests, subject: string): NotificationTests {
  const name = subject.replace('inhibition ', '');
  const isOwn = (scene: Scene) => name !== subject && scene.name.startsWith(name);
  const { scenes } = tests;
  return { ...tests, scenes: [...scenes.filter(isOwn), ...scenes.filter((scene) => !isOwn(scene))] };
}

function hashOf(texts: readonly string[]): string {
  return createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, 24);
}
