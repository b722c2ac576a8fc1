import { sentinelsOf } from '#observability/notification-tests/references.ts';
import type { Labels } from '#observability/notification-tests/scene.ts';
import { differences, type Scene, type SeenScene } from '#observability/notification-tests/scene.ts';
import type { PlayedAlertmanager } from './alertmanager.ts';

/** One scene, and what was not as it says. */
export interface PlayedScene {
  readonly scene: Scene;
  readonly differences: readonly string[];
}

/** One after the other; what fired in one has ended in the next. */
export async function* playScenes(played: PlayedAlertmanager, scenes: readonly Scene[]): AsyncGenerator<PlayedScene> {
  let ended: readonly Labels[] = [];
  for (const [index, scene] of scenes.entries()) {
    const sentinels = sentinelsOf(String(index));
    const firing = [...scene.alerts.map(({ labels }) => labels), ...sentinels];
    // What fires again is not over.
    await played.send({ firing, ended: ended.filter((labels) => !isAmong(firing, labels)) });
    ended = firing;
    yield { scene, differences: differences(scene, await see(played, sentinels)) };
  }
}

/** Alertmanager takes alerts in turn: once the target is kept quiet by its source, and in a group, all others are. */
async function see(
  { alerts, groups, until }: PlayedAlertmanager,
  [source, target]: ReturnType<typeof sentinelsOf>,
): Promise<SeenScene> {
  const known = await until(async () => {
    const all = await alerts();
    const by = all.find(({ labels }) => isAmong([source], labels))?.fingerprint;
    const last = all.find(({ labels }) => isAmong([target], labels));
    return by !== undefined && last?.status.inhibitedBy.includes(by) ? all : undefined;
  });
  const told = await until(async () => {
    const all = await groups();
    return all.some((group) => group.alerts.some(({ labels }) => isAmong([target], labels))) ? all : undefined;
  });
  return {
    alerts: known.map(({ labels, receivers, status }) => ({
      labels,
      receivers: receivers.map(({ name }) => name),
      isInhibited: status.inhibitedBy.length > 0,
    })),
    groups: told.flatMap(({ receiver, alerts: all }) => {
      const own = all.filter(({ labels }) => labels.sentinel === undefined);
      return own.length > 0 ? [[receiver.name, own.length] as const] : [];
    }),
  };
}

function isAmong(all: readonly Labels[], labels: Labels): boolean {
  return all.some((each) => {
    const names = Object.keys(each);
    return names.length === Object.keys(labels).length && names.every((name) => each[name] === labels[name]);
  });
}
