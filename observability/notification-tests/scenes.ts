import type { AlertUnderTest } from '../rule-tests/rules-under-test.ts';
import { grouping } from './cases/grouping.ts';
import { inhibitionScenes } from './cases/inhibitions.ts';
import { routing, routingOf } from './cases/routing.ts';
import type { Scene } from './scene.ts';

/** All that is played on the Alertmanager of a stack with these alerts. */
export function scenesOf(alerts: readonly AlertUnderTest[]): readonly Scene[] {
  return [routing, routingOf(alerts), ...grouping, ...inhibitionScenes];
}
