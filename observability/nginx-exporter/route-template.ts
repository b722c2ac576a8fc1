import { routes, unmatchedRoute } from '#catalog/signals.ts';

const templates = [...new Set(routes.map(({ route }) => route as string))];
const withoutIds = new Set(templates.filter((route) => !route.includes('/:')));
const withIds = templates
  .filter((route) => route.includes('/:'))
  .map((route) => ({ route, pattern: new RegExp(`^${route.replaceAll(/:[A-Za-z]+/g, '[^/]+')}$`) }));

/**
 * The template of the catalog a path belongs to, by the rules of the backend: an id is whatever stands between two slashes, and
 * a path that is spelled out goes before one with an id. `unmatched` when there is none.
 */
export function routeTemplate(path: string): string {
  if (withoutIds.has(path)) return path;
  return withIds.find(({ pattern }) => pattern.test(path))?.route ?? unmatchedRoute;
}
