import { routes, unmatchedRoute } from '#catalog/signals.ts';

const patterns = routes.map(({ method, route }) => ({
  method: method as string,
  route: route as string,
  pattern: new RegExp(`^${route.replaceAll(/:[A-Za-z]+/g, '[^/]+')}/?$`),
}));

/** The template of the catalog a request belongs to, `unmatched` when none. */
export function routeTemplate(method: string, path: string): string {
  const match = patterns.find((candidate) => candidate.method === method && candidate.pattern.test(path));
  return match?.route ?? unmatchedRoute;
}
