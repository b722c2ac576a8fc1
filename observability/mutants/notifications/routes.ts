import type { AlertmanagerConfig, Route } from '#observability/alertmanager/config.ts';
import { formatDuration } from '../../prometheus/duration.ts';
import { parseDuration } from '../promql/duration.ts';
import { otherMatchers } from './matchers.ts';
import type { Mistake } from './notification-mutant.ts';

/** A route of the tree: the numbers of the routes that lead to it, and what people call it. */
export interface PlacedRoute {
  readonly path: readonly number[];
  readonly title: string;
  readonly route: Route;
}

/** All routes, each before those within it. */
export function routesOf(
  route: Route,
  path: readonly number[] = [],
  above: readonly string[] = [],
): readonly PlacedRoute[] {
  const values = (route.matchers ?? []).map((matcher) => matcher.replaceAll(/^\w+[=!~]+|"/g, ''));
  const names = [...above, ...(values.length > 0 ? [values.join(' ')] : [])];
  return [
    { path, title: `route ${names.length > 0 ? names.join(', ') : 'of all'}`, route },
    ...(route.routes ?? []).flatMap((child, index) => routesOf(child, [...path, index], names)),
  ];
}

/** Another route, or none, in place of the one that this path leads to. */
export function withRoute(route: Route, path: readonly number[], other: (route: Route) => readonly Route[]): Route {
  const [index, ...rest] = path;
  const { routes = [] } = route;
  const child = index === undefined ? undefined : routes[index];
  if (index === undefined || child === undefined) return other(route)[0] ?? route;
  const instead = rest.length === 0 ? other(child) : [withRoute(child, rest, other)];
  return { ...route, routes: routes.toSpliced(index, 1, ...instead) };
}

/** All that may be written wrongly within a route. */
export function routeMistakes({ route }: PlacedRoute, { receivers }: Pick<AlertmanagerConfig, 'receivers'>) {
  const isRoot = route.matchers === undefined;
  return [
    ...otherMatchers(route.matchers ?? []).map(({ says, matchers }) => mistake('matcher', says, { matchers })),
    ...receivers
      .filter(({ name }) => name !== route.receiver)
      .map(({ name }) => mistake('receiver', `${route.receiver} → ${name}`, { receiver: name })),
    ...(isRoot ? [] : [mistake('continue', 'none → true', { continue: true })]),
    ...grouping(route),
    ...waits(route, isRoot),
    ...order(route),
  ];
}

function mistake(operator: string, says: string, change: Partial<Route>): Mistake<Route> {
  return { operator, says, make: (route) => ({ ...route, ...change }) };
}

function without(field: keyof Route): (route: Route) => Route {
  return ({ [field]: _, ...others }) => others;
}

function grouping({ group_by: labels }: Route): readonly Mistake<Route>[] {
  if (labels === undefined) return [];
  const change = (says: string, other: readonly string[]) =>
    mistake('grouping', `group_by: [${labels.join(', ')}] → ${says}`, { group_by: other });
  return [
    { operator: 'grouping', says: `group_by: [${labels.join(', ')}] → none`, make: without('group_by') },
    ...labels
      .map((_, index) => labels.toSpliced(index, 1))
      .filter((others) => others.length > 0)
      .map((others) => change(`[${others.join(', ')}]`, others)),
    change('all labels', ['...']),
  ];
}

/** What the whole tree has not, Alertmanager has: its own. */
function waits(route: Route, isRoot: boolean): readonly Mistake<Route>[] {
  return (['group_wait', 'group_interval', 'repeat_interval'] as const).flatMap((field) => {
    const { [field]: written } = route;
    if (written === undefined) return [];
    const scaled = (text: string | undefined, factor: number) =>
      formatDuration(parseDuration(text ?? written) * factor);
    return [
      ...[0.5, 2].map((factor) => ({
        operator: 'wait',
        says: `${field}: ${written} → ${scaled(written, factor)}`,
        make: (part: Route) => ({ ...part, [field]: scaled(part[field], factor) }),
      })),
      ...(isRoot ? [] : [{ operator: 'wait', says: `${field}: ${written} → none`, make: without(field) }]),
    ];
  });
}

/** The first route that fits is taken, so that it matters which stands before which. */
function order({ routes = [] }: Route): readonly Mistake<Route>[] {
  return routes.slice(1).map((second, index) => {
    const says = [routes[index], second].map((route) => (route?.matchers ?? []).join(', ')).join(' behind ');
    return {
      operator: 'order',
      says,
      make: ({ routes: all = [], ...others }) => ({ ...others, routes: swapped(all, index) }),
    };
  });
}

function swapped(routes: readonly Route[], index: number): readonly Route[] {
  return routes.toSpliced(index, 2, ...routes.slice(index, index + 2).toReversed());
}
