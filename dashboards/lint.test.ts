import { describe, expect, it } from 'vitest';
import { dashboards } from '#catalog/dashboards.ts';
import { allDashboards } from './generated-files.ts';
import { type DashboardJson, lintDashboard } from './lint.ts';

const committed = allDashboards().map((dashboard) => JSON.parse(JSON.stringify(dashboard)) as DashboardJson);

describe('our dashboards', () => {
  it.each(committed)('have nothing that lint complains about: $title', (dashboard) => {
    expect(lintDashboard(dashboard)).toEqual([]);
  });

  it('are those of the catalog, each once', () => {
    expect(committed.map(({ uid }) => uid).sort()).toEqual(Object.values(dashboards).sort());
  });
});
