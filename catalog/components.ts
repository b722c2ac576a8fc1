import { type ServiceName, services } from './services.ts';

/** All replicas together, the way between services, and nothing at all: where it can be broken beside the services. */
const others = ['backend', 'network', 'none'] as const;

/** Where something can be broken. */
export type Component = ServiceName | (typeof others)[number];

/** The choices of whoever says what broke, of a stack with that many replicas. */
export function components(replicas: number): readonly Component[] {
  return [...services(replicas).map(({ name }) => name), ...others];
}

/** People say edge for what the catalog calls by its program. */
export function componentNamed(name: string, replicas: number): Component | undefined {
  const meant = name === 'edge' ? 'nginx' : name;
  return components(replicas).find((component) => component === meant);
}
