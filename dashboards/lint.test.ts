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

/** Lint of the overview after something in its text was replaced, everywhere. */
function lintAfter(pattern: RegExp, replacement: string): readonly string[] {
  const text = JSON.stringify(committed.find(({ uid }) => uid === dashboards.overview));
  const changed = text.replaceAll(pattern, replacement);
  expect(changed, 'the change changes something').not.toBe(text);
  return lintDashboard(JSON.parse(changed));
}

describe('lint complains', () => {
  it.each([
    ['an uid that is not in the catalog', /"uid":"firedrill-overview"/g, '"uid":"mine"', 'uid "mine" is not in'],
    ['a dashboard that can be edited', /"editable":false/g, '"editable":true', 'can be edited'],
    ['a missing tag', /"tags":\["firedrill"\]/g, '"tags":[]', 'lacks the tag'],
    ['a fixed data source', /"uid":"\$\{datasource\}"/g, '"uid":"prometheus"', 'by a variable'],
    ['an unlabelled data source', /"label":"Data source"/g, '"label":"Source"', 'is not labelled'],
    ['an instance that cannot be all', /"allValue":"\.\+"/g, '"allValue":""', '$instance does not take many and all'],
    ['values read once', /"refresh":2/g, '"refresh":1', 'is not read anew'],
    ['a variable that is not there', /\$instance/g, '$replica', 'uses the variable $replica'],
    ['a link to no dashboard', /\/d\/firedrill-slo/g, '/d/slo', 'links to the dashboard "slo"'],
    ['a link that Explore cannot read', /panes=%7B/g, 'panes=', 'neither a dashboard nor Explore'],
    ['a panel without title', /"title":"Traffic"/g, '"title":""', 'has no title'],
    [
      'a panel without description',
      /"description":"Requests to \/api a second[^"]*"/g,
      '"description":"requests"',
      'has no description',
    ],
    ['a panel without unit', /"unit":"reqps"/g, '"unit":"short-ish"', 'has no unit'],
    ['a panel that asks nothing', /"targets":\[.*?\}\]/g, '"targets":[]', 'asks nothing'],
    ['two panels of one id', /"id":\d+/g, '"id":1', 'the same id'],
    ['panels upon each other', /"x":12/g, '"x":11', 'lie upon each other'],
    ['a hole', /"w":24/g, '"w":23', 'holes'],
    ['a panel beyond the screen', /"w":24/g, '"w":25', 'wider than the screen'],
    ['two queries of one name', /"refId":"B"/g, '"refId":"A"', 'two queries of the same name'],
    ['a series without legend', /"legendFormat":"\{\{upstream\}\}"/g, '"legendFormat":""', 'has no legend'],
    ['a fixed range', /\$__rate_interval/g, '5m', 'looks at [5m]'],
    [
      'a counter without a rate',
      /rate\((edge_http_requests_total\{[^}]*\})\[\$__rate_interval\]\)/g,
      '($1)',
      'without a rate',
    ],
    [
      'a rate of a gauge',
      /max\((process_resident_memory_bytes\{[^}]*\}) /g,
      'max(rate($1[$__rate_interval]) ',
      'which is no counter',
    ],
    ['a series of no job', /job=\\"nginx\\", /g, '', 'of which job edge_http_requests_total is'],
    ['a series of an unknown job', /job=\\"nginx\\"/g, 'job=\\"apache\\"', 'of which job'],
    ['a chosen job without instance', /, instance=~\\"\$instance\\"/g, '', 'of which job'],
    ['a column of no query', /"Value #C"/g, '"Value #Z"', 'has a column of "Value #Z"'],
  ])('about %s', (_, pattern, replacement, problem) => {
    expect(lintAfter(pattern, replacement).join('\n')).toContain(problem);
  });
});
