import type { AlertmanagerConfig, Route } from '../alertmanager/config.ts';
import type { Labels } from './scene.ts';

/** A group that is told by a route of its own, so that others can be told from it: which is first? */
export interface Reference {
  readonly name: string;
  readonly waits: Required<Pick<Route, 'group_wait' | 'group_interval' | 'repeat_interval'>>;
}

/** The label that alerts of a reference have, and no others. */
export const referenceLabel = 'reference';

/** The same configuration with routes for references, which see nothing but these and are told by a receiver of their own. */
export function withReferences(
  config: AlertmanagerConfig,
  webhookUrl: string,
  references: readonly Reference[],
): AlertmanagerConfig {
  const routes = references.map(({ name, waits }) => ({
    matchers: [`${referenceLabel}="${name}"`],
    receiver: referenceLabel,
    group_by: ['alertname'],
    ...waits,
  }));
  const receiver = {
    name: referenceLabel,
    webhook_configs: [{ url: webhookUrl, send_resolved: true, max_alerts: 0 }],
  };
  return {
    ...config,
    route: { ...config.route, routes: [...routes, ...(config.route.routes ?? [])] },
    receivers: [...config.receivers, receiver],
  };
}

/** Its source is the last but one alert of a scene, its target the last: once that is quiet, all before are known. */
const sentinelRule = {
  name: 'sentinel',
  source_matchers: ['sentinel="source"'],
  target_matchers: ['sentinel="target"'],
  equal: ['scene'],
};

export function withSentinels(config: AlertmanagerConfig): AlertmanagerConfig {
  return { ...config, inhibit_rules: [sentinelRule, ...config.inhibit_rules] };
}

export function sentinelsOf(scene: string): readonly [source: Labels, target: Labels] {
  const sentinel = (role: string) => ({ alertname: 'Sentinel', sentinel: role, scene });
  return [sentinel('source'), sentinel('target')];
}
