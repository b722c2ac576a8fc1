import { routes, unmatchedRoute } from '#catalog/signals.ts';

const patterns = [...new Set(routes.map(({ route }) => route as string))].map((route) => ({
  route,
  pattern: new RegExp(`^${route.replaceAll(/:[A-Za-z]+/g, '[^/]+')}$`),
}));

/** The template of the catalog a path belongs to, by the rules of the backend; `unmatched` when none. */
export function routeTemplate(path: string): string {
  return patterns.find(({ pattern }) => pattern.test(path))?.route ?? unmatchedRoute;
}
