import { alerts } from './alerts.ts';
import { backend } from './backend.ts';
import { buildDashboard, type DashboardSpec } from './dashboard.ts';
import { debrief } from './debrief.ts';
import { dependencies } from './dependencies.ts';
import { loadTest } from './load-test.ts';
import { nginx } from './nginx.ts';
import { overview } from './overview.ts';
import { runtime } from './runtime.ts';
import { slos } from './slo.ts';

const specs: readonly DashboardSpec[] = [
  overview,
  slos,
  backend,
  dependencies,
  runtime,
  nginx,
  loadTest,
  alerts,
  debrief,
];

/** Every dashboard as Grafana reads it, from the first that is looked at to the last. */
export function allDashboards() {
  return specs.map(buildDashboard);
}

/** The files under `dashboards/generated`, paths from the root of the repository. */
export function generatedDashboards() {
  return allDashboards().map((dashboard) => ({
    path: `dashboards/generated/${dashboard.uid}.json`,
    content: `${JSON.stringify(dashboard, withoutPlacement, 2)}\n`,
  }));
}

/** The SDK puts every link and annotation into a menu of its own; there they are not seen. */
function withoutPlacement(key: string, value: unknown): unknown {
  return key === 'placement' && value === 'inControlsMenu' ? undefined : value;
}
