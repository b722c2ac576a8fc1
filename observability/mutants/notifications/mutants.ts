import type { AlertmanagerConfig } from '#observability/alertmanager/config.ts';
import { mutantId } from '../mutant-id.ts';
import { inhibitionMistakes } from './inhibitions.ts';
import type { Mistake, NotificationMutant } from './notification-mutant.ts';
import { receiverMistakes } from './receivers.ts';
import { routeMistakes, routesOf, withRoute } from './routes.ts';

/** What ids of these mutants begin with. */
const place = 'alertmanager';

/** Every mutant of routes, inhibitions and receivers, in the order of the configuration. */
export function notificationMutants(config: AlertmanagerConfig): readonly NotificationMutant[] {
  return [...ofRoutes(config), ...ofInhibitions(config), ...ofReceivers(config)];
}

function ofRoutes(config: AlertmanagerConfig): readonly NotificationMutant[] {
  return routesOf(config.route).flatMap((placed) => {
    const { path, title, route } = placed;
    const { routes: _, ...own } = route;
    const changed = routeMistakes(placed, config).map((mistake) =>
      mutant(title, own, mistake, (of) => ({
        ...of,
        route: withRoute(of.route, path, (found) => [mistake.make(found)]),
      })),
    );
    if (path.length === 0) return changed;
    const gone = { operator: 'removal', says: 'removed' };
    return [...changed, mutant(title, own, gone, (of) => ({ ...of, route: withRoute(of.route, path, () => []) }))];
  });
}

function ofInhibitions({ inhibit_rules }: AlertmanagerConfig): readonly NotificationMutant[] {
  return inhibit_rules.flatMap((rule) => {
    const title = `inhibition ${rule.name}`;
    const instead = (others: (of: typeof rule) => readonly (typeof rule)[]) => (of: AlertmanagerConfig) => ({
      ...of,
      inhibit_rules: of.inhibit_rules.flatMap((each) => (each.name === rule.name ? others(each) : [each])),
    });
    return [
      ...inhibitionMistakes(rule).map((mistake) =>
        mutant(
          title,
          rule,
          mistake,
          instead((each) => [mistake.make(each)]),
        ),
      ),
      mutant(
        title,
        rule,
        { operator: 'removal', says: 'removed' },
        instead(() => []),
      ),
    ];
  });
}

function ofReceivers({ receivers }: AlertmanagerConfig): readonly NotificationMutant[] {
  return receivers.flatMap(({ name }) =>
    receiverMistakes.map((mistake) =>
      mutant(`receiver ${name}`, name, mistake, (of) => ({
        ...of,
        receivers: of.receivers.map((each) => (each.name === name ? mistake.make(each) : each)),
      })),
    ),
  );
}

function mutant(
  subject: string,
  part: unknown,
  { operator, says }: Pick<Mistake<unknown>, 'operator' | 'says'>,
  make: NotificationMutant['make'],
): NotificationMutant {
  const name = subject.replaceAll(/\W+/g, '-');
  return { id: mutantId(place, name, operator, [part, says]), subject, operator, says, make };
}
