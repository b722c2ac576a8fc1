/** Alerts that fire at the same time, and what Alertmanager makes of them. */
export interface Scene {
  /** A fact in the present tense. */
  readonly name: string;
  readonly alerts: readonly FiredAlert[];
  /** What is told together: the receiver, and of how many alerts. In any order. */
  readonly groups?: readonly Group[];
}

export type Labels = Readonly<Record<string, string>>;
export type Group = readonly [receiver: string, alerts: number];

/** What is not said of it is not looked at. */
export interface FiredAlert {
  readonly labels: Labels;
  /** Everybody who is told of it, in the order of the routes. */
  readonly receivers?: readonly string[];
  /** Whether another one keeps it quiet. */
  readonly isInhibited?: boolean;
}

/** What Alertmanager says of a scene while it lasts. */
export interface SeenScene {
  readonly alerts: readonly Required<FiredAlert>[];
  readonly groups: readonly Group[];
}

/** One sentence for each thing that is not as the scene says; none when all is. */
export function differences(scene: Scene, seen: SeenScene): readonly string[] {
  const ofAlerts = scene.alerts.flatMap((alert) => {
    const found = seen.alerts.find(({ labels }) => written(labels) === written(alert.labels));
    return found ? ofAlert(alert, found) : [`${written(alert.labels)} is not there`];
  });
  const groups = sorted(seen.groups);
  const isTold = scene.groups === undefined || groups === sorted(scene.groups);
  return isTold ? ofAlerts : [...ofAlerts, `told together: ${groups}; expected ${sorted(scene.groups)}`];
}

function ofAlert({ labels, receivers, isInhibited }: FiredAlert, seen: Required<FiredAlert>): readonly string[] {
  const told = seen.receivers.join(' and ');
  const quiet = (is: boolean) => (is ? 'is kept quiet' : 'is not kept quiet');
  return [
    ...(receivers === undefined || receivers.join(' and ') === told
      ? []
      : [`${written(labels)} is told to ${told}; expected ${receivers.join(' and ')}`]),
    ...(isInhibited === undefined || isInhibited === seen.isInhibited
      ? []
      : [`${written(labels)} ${quiet(seen.isInhibited)}`]),
  ];
}

function written(labels: Labels): string {
  const names = Object.keys(labels).sort();
  return `{${names.map((name) => `${name}="${labels[name]}"`).join(',')}}`;
}

function sorted(groups: readonly Group[]): string {
  return groups
    .map(([receiver, alerts]) => `${alerts} to ${receiver}`)
    .sort()
    .join(', ');
}
