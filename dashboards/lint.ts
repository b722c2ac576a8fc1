import { dashboards } from '#catalog/dashboards.ts';
import { jobs } from '#catalog/services.ts';
import { bareCounters, ranges, ratesOfGauges, selectedSeries } from './promql.ts';

import { units } from './units.ts';

/** A dashboard's JSON, as far as lint looks at it. */
export interface DashboardJson {
  readonly uid?: string;
  readonly title?: string;
  readonly description?: string;
  readonly editable?: boolean;
  readonly tags?: readonly string[];
  readonly links?: readonly { readonly type: string; readonly url?: string }[];
  readonly templating: { readonly list: readonly VariableJson[] };
  readonly annotations: { readonly list: readonly AnnotationJson[] };
  readonly panels: readonly PanelJson[];
}

interface AnnotationJson {
  readonly name: string;
  readonly datasource: Reference;
  readonly target?: { readonly expr?: string };
}

interface Reference {
  readonly type?: string;
  readonly uid?: string;
}

export interface VariableJson {
  readonly name: string;
  readonly type: string;
  readonly label?: string;
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string;
  readonly refresh?: number;
  readonly datasource?: Reference;
  /** The type of a data source, or what is asked for values. */
  readonly query?: string | { readonly query: string };
  readonly current?: { readonly value: string | readonly string[] };
}

export interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly datasource?: Reference;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets?: readonly TargetJson[];
  readonly transformations?: readonly { readonly id: string; readonly options: unknown }[];
}

export interface TargetJson {
  readonly refId: string;
  readonly datasource?: Reference;
  readonly expr?: string;
  readonly legendFormat?: string;
  readonly format?: string;
}

/**
 * What is wrong with a dashboard, one line each. The rules are those of the public linter and some of our own.
 * @source https://github.com/grafana/dashboard-linter/blob/main/docs/index.md
 */
export function lintDashboard(dashboard: DashboardJson): readonly string[] {
  const panels = dashboard.panels.filter(({ type }) => type !== 'row');
  return [
    ...ofDashboard(dashboard),
    ...ofVariables(dashboard, panels),
    ...ofText(dashboard),
    ...ofLinks(JSON.stringify(dashboard)),
    ...ofLayout(dashboard.panels),
    ...panels.flatMap((panel) => ofPanel(panel).map((problem) => `panel "${panel.title}": ${problem}`)),
  ];
}

function ofDashboard({ uid, title, description, editable, tags, annotations }: DashboardJson): readonly string[] {
  return [
    ...must(Object.values<string | undefined>(dashboards).includes(uid), `uid "${uid}" is not in the catalog`),
    ...must(title, 'has no title'),
    ...must(description, 'has no description'),
    ...must(editable === false, 'can be edited: what is changed on the screen is lost'),
    ...must(tags?.includes('firedrill'), 'lacks the tag that the list of dashboards goes by'),
    ...must(annotations.list.length > 0, 'does not mark when alerts fired'),
    ...annotations.list.flatMap(({ name, datasource }) =>
      must(datasource.uid === '${datasource}', `annotation "${name}" does not use the variable $datasource`),
    ),
  ];
}

function ofVariables({ templating: { list } }: DashboardJson, panels: readonly PanelJson[]): readonly string[] {
  const datasource = list.find(({ name }) => name === 'datasource');
  const scraped = panels.some(({ targets = [] }) => targets.some(({ expr }) => expr?.includes('$instance')));
  const needed = scraped ? ['job', 'instance'] : [];
  return [
    ...must(datasource?.type === 'datasource', 'has no variable $datasource'),
    ...must(datasource?.label === 'Data source', '$datasource is not labelled "Data source"'),
    ...needed.flatMap((name) => {
      const variable = list.find((each) => each.name === name);
      return [
        ...must(variable, `has no variable $${name}`),
        ...must(
          variable?.multi && variable.includeAll && variable.allValue === '.+',
          `$${name} does not take many and all`,
        ),
      ];
    }),
    ...list
      .filter(({ type }) => type === 'query')
      .flatMap((variable) => [
        ...must(variable.label, `$${variable.name} has no label`),
        ...must(
          variable.datasource?.uid === '${datasource}',
          `$${variable.name} does not use the variable $datasource`,
        ),
        ...must(variable.refresh === 2, `$${variable.name} is not read anew when the range changes`),
      ]),
  ];
}

/** Every variable that is used anywhere is one of the dashboard or of Grafana. */
function ofText(dashboard: DashboardJson): readonly string[] {
  const known = new Set(dashboard.templating.list.map(({ name }) => name));
  const used = [...JSON.stringify(dashboard).matchAll(/\$(?:\{([\w.]+)(?::\w+)?\}|([a-zA-Z_]\w*))/g)].map(
    ([, inBraces, bare]) => inBraces ?? bare ?? '',
  );
  return [...new Set(used)]
    .filter((name) => !name.startsWith('__') && !known.has(name))
    .map((name) => `uses the variable $${name}, which it does not have`);
}

function ofLinks(json: string): readonly string[] {
  const uids: readonly string[] = Object.values(dashboards);
  const urls = [...json.matchAll(/"url":"([^"]*)"/g)].map(([, url = '']) => url);
  return urls.flatMap((url) => {
    const uid = /^\/d\/([^/?]+)/.exec(url)?.[1];
    if (uid !== undefined) return must(uids.includes(uid), `links to the dashboard "${uid}", which there is not`);
    const panes = /^\/explore\?schemaVersion=1&panes=(.*)$/.exec(url)?.[1];
    return must(panes !== undefined && isJson(panes), `links to "${url}", which is neither a dashboard nor Explore`);
  });
}

function isJson(encoded: string): boolean {
  try {
    JSON.parse(decodeURIComponent(encoded));
    return true;
  } catch {
    return false;
  }
}

/** Ids are unique, panels fill their lines and do not lie upon each other. */
function ofLayout(panels: readonly PanelJson[]): readonly string[] {
  const ids = panels.map(({ id }) => id);
  const cells = new Map<string, number>();
  for (const { gridPos, id } of panels) {
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) cells.set(`${x} ${y}`, id);
    }
  }
  const bottom = Math.max(0, ...panels.map(({ gridPos }) => gridPos.y + gridPos.h));
  const area = panels.reduce((sum, { gridPos }) => sum + gridPos.w * gridPos.h, 0);
  return [
    ...must(new Set(ids).size === ids.length, 'has two panels with the same id'),
    ...must(
      panels.every(({ gridPos }) => gridPos.x + gridPos.w <= 24),
      'has a panel wider than the screen',
    ),
    ...must(cells.size === area, 'has panels that lie upon each other'),
    ...must(area === 24 * bottom, 'has holes between its panels'),
  ];
}

/** Types that show text, not values. */
const unitless = new Set(['logs', 'alertlist']);

function ofPanel(panel: PanelJson): readonly string[] {
  const { type, title, description = '', datasource, fieldConfig, targets = [] } = panel;
  const unit = fieldConfig?.defaults.unit;
  const named = Object.values<string | undefined>(units);
  return [
    ...must(title, 'has no title'),
    ...must(/^\p{Lu}.*[.?]$/su.test(description), 'has no description in whole sentences'),
    ...must(unitless.has(type) || named.includes(unit), `has no unit that we know (${unit})`),
    ...must(type === 'alertlist' || isVariable(datasource), 'does not name its data source by a variable'),
    ...must(type === 'alertlist' || targets.length > 0, 'asks nothing'),
    ...must(new Set(targets.map(({ refId }) => refId)).size === targets.length, 'has two queries of the same name'),
    ...targets.flatMap((target) =>
      ofTarget(target, type, datasource).map((problem) => `query ${target.refId} ${problem}`),
    ),
    ...(type === 'table' ? ofColumns(panel) : []),
  ];
}

function ofTarget(target: TargetJson, type: string, ofPanel: Reference | undefined): readonly string[] {
  const { expr, legendFormat, format, datasource } = target;
  return [
    ...must(
      isVariable(datasource) && datasource?.type === ofPanel?.type,
      'does not name its data source by a variable',
    ),
    ...(datasource?.type === 'prometheus' ? ofPromql(expr ?? '') : []),
    ...must(
      datasource?.type !== 'prometheus' || type === 'table' || format === 'table' || legendFormat,
      'has no legend',
    ),
  ];
}

const allowedRanges = ['$__rate_interval', '$__range', '$__range:$__interval'];
/** Told by Prometheus itself, or recorded: without a job, or of all jobs on purpose. */
const everyonesMetric = /:|^(ALERTS|ALERTS_FOR_STATE|up)$/;

/** Of the load generator: they have no buckets to be named by. */
const nativeHistograms = /^k6_http_req_\w+_seconds$/;

function ofPromql(expr: string): readonly string[] {
  const knownJobs: readonly string[] = Object.values(jobs);
  return [
    ...must(expr, 'is empty'),
    ...ranges(expr).flatMap((range) =>
      must(allowedRanges.includes(range), `looks at [${range}], not at [$__rate_interval] or the range on the screen`),
    ),
    ...bareCounters(expr).map((name) => `shows the counter ${name} without a rate`),
    ...ratesOfGauges(expr)
      .filter((name) => !nativeHistograms.test(name))
      .map((name) => `asks how fast ${name} grows, which is no counter`),
    ...selectedSeries(expr)
      .filter(({ metric }) => !everyonesMetric.test(metric))
      .flatMap(({ metric, matchers }) => {
        const job = /(?:^|,)\s*job="([^"]*)"/.exec(matchers)?.[1];
        const chosen = matchers.includes('job=~"$job"') && matchers.includes('instance=~"$instance"');
        return must(chosen || knownJobs.some((each) => each === job), `does not say of which job ${metric} is`);
      }),
  ];
}

/** Columns name values of queries that there are. */
function ofColumns({ targets = [], transformations = [] }: PanelJson): readonly string[] {
  const shown = [...JSON.stringify(transformations).matchAll(/"(Value(?: #([A-Z]))?)"/g)];
  const refIds = targets.map(({ refId }) => refId);
  return shown.flatMap(([, name, refId]) =>
    must(
      refId === undefined ? refIds.length === 1 : refIds.includes(refId),
      `has a column of "${name}", which there is not`,
    ),
  );
}

function isVariable(datasource: Reference | undefined): boolean {
  return /^\$\{\w*datasource\}$/.test(datasource?.uid ?? '');
}

function must(holds: unknown, problem: string): readonly string[] {
  return holds ? [] : [problem];
}
