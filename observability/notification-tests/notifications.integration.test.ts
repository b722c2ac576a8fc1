import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inhibitions } from '#observability/alertmanager/inhibitions.ts';
import { type PlayOptions, playAlertmanager } from '#runner/mutate/notifications/alertmanager.ts';
import { playDelivery } from '#runner/mutate/notifications/play-delivery.ts';
import { type PlayedScene, playScenes } from '#runner/mutate/notifications/play-scenes.ts';
import { playWait } from '#runner/mutate/notifications/play-waits.ts';
import { shippedNotifications } from '#runner/mutate/notifications/shipped.ts';
import { slosOfStack } from '#runner/rules.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { toolsFor } from '#tests/support/tools.ts';
import { withSentinels } from './references.ts';

const { configOf, tests } = await shippedNotifications();

let options: PlayOptions;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
const played: PlayedScene[] = [];
let waits: readonly (string | undefined)[] = [];

beforeAll(async () => {
  const { alertmanager } = await toolsFor('alertmanager');
  directory = await temporaryDirectory();
  options = { alertmanager, directory: directory.path, signal: new AbortController().signal };
  // Those that wait beside the others, because that takes no longer.
  const waiting = Promise.all(tests.waits.map((test) => playWait(test, configOf, options)));
  await using alone = await playAlertmanager((url) => withSentinels(configOf(1, url)), options);
  for await (const scene of playScenes(alone, tests.scenes)) played.push(scene);
  waits = await waiting;
});

afterAll(async () => {
  await directory[Symbol.asyncDispose]();
});

describe('on a real Alertmanager', () => {
  it.each(tests.scenes)('$name', (scene) => {
    expect(played.find((each) => each.scene === scene)?.differences).toEqual([]);
  });

  it.each(tests.waits.map(({ name }, index) => [name, index] as const))('%s', (_, index) => {
    expect(waits).toHaveLength(tests.waits.length);
    expect(waits[index]).toBeUndefined();
  });

  it('everybody is told of everything that fires, and of its end', async () => {
    expect(await playDelivery(configOf, options)).toBeUndefined();
  });
});

it('every inhibition has a scene of its name', async () => {
  const names = inhibitions(await slosOfStack()).map(({ name }) => name);
  expect(names.filter((name) => !tests.scenes.some((scene) => scene.name === name))).toEqual([]);
});
