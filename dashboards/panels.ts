import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as heatmapPanel from '@grafana/grafana-foundation-sdk/heatmap';
import * as logsPanel from '@grafana/grafana-foundation-sdk/logs';
import * as loki from '@grafana/grafana-foundation-sdk/loki';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as statPanel from '@grafana/grafana-foundation-sdk/stat';
import * as timelinePanel from '@grafana/grafana-foundation-sdk/statetimeline';
import * as tablePanel from '@grafana/grafana-foundation-sdk/table';
import * as seriesPanel from '@grafana/grafana-foundation-sdk/timeseries';
import { type JaegerSearch, jaegerQuery, type Link, seriesLink } from './links.ts';
import type { Query } from './queries.ts';
import { type Unit, units } from './units.ts';
import { datasources } from './variables.ts';

export type Panel = Builder<dashboard.Panel>;

interface Described {
  readonly title: string;
  /** What it shows, and what to make of it. */
  readonly description: string;
  /** Of 24 columns. */
  readonly width?: number;
  readonly height?: number;
}

interface Measured extends Described {
  readonly unit: Unit;
  readonly queries: readonly Query[];
  readonly thresholds?: readonly Threshold[];
  readonly decimals?: number;
  readonly max?: number;
  /** Where a click on a value leads. */
  readonly links?: readonly Link[];
}

/** From this value on, this colour. */
export interface Threshold {
  readonly from: number;
  readonly color: Color;
}

export type Color = 'green' | 'yellow' | 'orange' | 'red' | 'blue' | 'purple' | 'text';

/** From here on everything has the colour; below the first threshold it is green where none says otherwise. */
export const everything = Number.NEGATIVE_INFINITY;
const good = 'green';

export interface TimeSeries extends Measured {
  readonly stacked?: true;
  /** Colours of series by a pattern of their names. */
  readonly colors?: Readonly<Record<string, Color>>;
  readonly logarithmic?: true;
  /** May be below 0. */
  readonly signed?: true;
}

/** Lines over time. Thresholds are dashed lines. */
export function timeSeries(spec: TimeSeries): Panel {
  const { thresholds = [], stacked, colors = {}, logarithmic, signed } = spec;
  const panel = measured(new seriesPanel.PanelBuilder(), spec, { width: 12, height: 8 })
    .colorScheme(colorBy(dashboard.FieldColorModeId.PaletteClassicByName))
    .lineWidth(1)
    .fillOpacity(stacked ? 30 : 8)
    .showPoints(common.VisibilityMode.Never)
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(common.LegendDisplayMode.Table)
        .placement(common.LegendPlacement.Bottom)
        .calcs(['mean', 'max', 'lastNotNull']),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    );
  if (!signed && !logarithmic) panel.min(0);
  if (stacked) panel.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group('A'));
  if (logarithmic) {
    panel.scaleDistribution(new common.ScaleDistributionConfigBuilder().type(common.ScaleDistribution.Log).log(10));
  }
  if (thresholds.length > 0) {
    panel.thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed));
  }
  for (const [pattern, color] of Object.entries(colors)) {
    panel.overrideByRegexp(pattern, [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }]);
  }
  return panel;
}

export interface Stat extends Measured {
  readonly mappings?: readonly dashboard.ValueMapping[];
  /** Without the line behind the number. */
  readonly plain?: true;
}

/** One number, coloured by its thresholds. */
export function stat(spec: Stat): Panel {
  const panel = measured(new statPanel.PanelBuilder(), spec, { width: 4, height: 4 })
    .colorMode(common.BigValueColorMode.Value)
    .graphMode(spec.plain ? common.BigValueGraphMode.None : common.BigValueGraphMode.Area)
    .colorScheme(colorBy(dashboard.FieldColorModeId.Thresholds))
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false));
  return panel.mappings([...(spec.mappings ?? [])]);
}

export interface StateTimeline extends Measured {
  readonly mappings: readonly dashboard.ValueMapping[];
}

/** One bar per series, coloured by what its values mean. */
export function stateTimeline(spec: StateTimeline): Panel {
  return measured(new timelinePanel.PanelBuilder(), spec, { width: 12, height: 6 })
    .mappings([...spec.mappings])
    .colorScheme(colorBy(dashboard.FieldColorModeId.Thresholds))
    .showValue(common.VisibilityMode.Never)
    .mergeValues(true)
    .rowHeight(0.8)
    .fillOpacity(80)
    .legend(new common.VizLegendOptionsBuilder().showLegend(true).displayMode(common.LegendDisplayMode.List))
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Single));
}

/** How many observations fell into which bucket, over time. */
export function heatmap(spec: Measured): Panel {
  return measured(new heatmapPanel.PanelBuilder(), spec, { width: 12, height: 8 })
    .calculate(false)
    .yAxis(new heatmapPanel.YAxisConfigBuilder().unit(spec.unit))
    .color(
      new heatmapPanel.HeatmapColorOptionsBuilder()
        .mode(heatmapPanel.HeatmapColorMode.Scheme)
        .scheme('Spectral')
        .exponent(0.5)
        .steps(64),
    )
    .cellGap(1)
    .showLegend()
    .tooltip(new heatmapPanel.HeatmapTooltipBuilder().mode(common.TooltipDisplayMode.Single).yHistogram(true));
}

/** A column of a table: a label, or the value of a query by its position, `A` being the first. */
export interface Column {
  readonly from: string;
  readonly title: string;
  readonly unit?: Unit;
  readonly thresholds?: readonly Threshold[];
  readonly mappings?: readonly dashboard.ValueMapping[];
  readonly links?: readonly Link[];
  readonly width?: number;
}

export interface Table extends Measured {
  /** In this order; what is not named is hidden. */
  readonly columns: readonly Column[];
  /** Title of the column that comes first when sorted. */
  readonly sortedBy: string;
  readonly ascending?: true;
}

/** Rows of now: one for each set of labels, one column for each label and query. */
export function table(spec: Table): Panel {
  const { columns, sortedBy, ascending = false, queries } = spec;
  const value = (from: string): string =>
    /^[A-Z]$/.test(from) ? (queries.length > 1 ? `Value #${from}` : 'Value') : from;
  const panel = measured(new tablePanel.PanelBuilder(), spec, { width: 24, height: 8 })
    .colorScheme(colorBy(dashboard.FieldColorModeId.Thresholds))
    .cellHeight(common.TableCellHeight.Sm)
    .filterable(true)
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'filterFieldsByName',
      options: { include: { names: columns.map(({ from }) => value(from)) } },
    })
    .withTransformation({
      id: 'organize',
      options: {
        indexByName: Object.fromEntries(columns.map(({ from }, index) => [value(from), index])),
        renameByName: Object.fromEntries(columns.map(({ from, title }) => [value(from), title])),
      },
    })
    .sortBy([new common.TableSortByFieldStateBuilder().displayName(sortedBy).desc(!ascending)]);
  for (const column of columns) panel.overrideByName(column.title, columnProperties(column));
  return panel;
}

function columnProperties({ unit, thresholds, mappings, links, width }: Column): dashboard.DynamicConfigValue[] {
  const colored = thresholds !== undefined || mappings !== undefined;
  return [
    ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
    ...(thresholds === undefined ? [] : [{ id: 'thresholds', value: steps(thresholds).build() }]),
    ...(mappings === undefined ? [] : [{ id: 'mappings', value: mappings }]),
    ...(colored ? [{ id: 'custom.cellOptions', value: { type: 'color-text' } }] : []),
    ...(links === undefined ? [] : [{ id: 'links', value: links.map((link) => seriesLink(link).build()) }]),
    ...(width === undefined ? [] : [{ id: 'custom.width', value: width }]),
  ];
}

export interface Logs extends Described {
  /** LogQL. */
  readonly query: string;
}

/** Log lines, the newest first; each opens its trace. */
export function logs({ query, ...spec }: Logs): Panel {
  return described(new logsPanel.PanelBuilder(), spec, { width: 12, height: 10 })
    .datasource(datasources.loki)
    .withTarget(
      new loki.DataqueryBuilder().refId('A').datasource(datasources.loki).expr(query).queryType('range').maxLines(100),
    )
    .showTime(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .sortOrder(common.LogsSortOrder.Descending)
    .dedupStrategy(common.LogsDedupStrategy.None);
}

export interface Traces extends Described {
  /** What any of them finds. */
  readonly searches: readonly JaegerSearch[];
}

/** Traces that a search finds; each opens. */
export function traces({ searches, ...spec }: Traces): Panel {
  const queries = searches.map((search, index) => jaegerQuery(search, index));
  return described(new tablePanel.PanelBuilder(), spec, { width: 12, height: 10 })
    .datasource(datasources.jaeger)
    .unit(units.state)
    .targets(queries.map((query) => ({ build: (): Dataquery => query as unknown as Dataquery })))
    .withTransformation({ id: 'merge', options: {} })
    .cellHeight(common.TableCellHeight.Sm);
}

/** Alerts of Prometheus' rules that fire or are about to, with their links to runbook and dashboard. */
export function alertList(spec: Described): Panel {
  return described(new dashboard.PanelBuilder(), spec, { width: 12, height: 8 })
    .type('alertlist')
    .options({
      viewMode: 'list',
      datasource: '${datasource}',
      groupMode: 'default',
      maxItems: 20,
      sortOrder: 3,
      alertInstanceLabelFilter: '',
      stateFilter: { firing: true, pending: true, recovering: false, noData: false, normal: false, error: true },
    });
}

export interface MappedValue {
  readonly text: string;
  readonly color: Color;
}

/** Words and colours for values that mean something. */
export function mapping(values: Readonly<Record<string | number, MappedValue>>): dashboard.ValueMap {
  return { type: dashboard.MappingType.ValueToText, options: { ...values } };
}

interface PanelMethods {
  title(text: string): this;
  description(text: string): this;
  span(columns: number): this;
  height(rows: number): this;
}

interface MeasuredMethods extends PanelMethods {
  datasource(datasource: common.DataSourceRef): this;
  unit(unit: string): this;
  decimals(decimals: number): this;
  max(max: number): this;
  thresholds(thresholds: Builder<dashboard.ThresholdsConfig>): this;
  dataLinks(links: Builder<dashboard.DashboardLink>[]): this;
  targets(targets: Builder<Dataquery>[]): this;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function described<P extends PanelMethods>(panel: P, { title, description, width, height }: Described, usual: Size): P {
  return panel
    .title(title)
    .description(description)
    .span(width ?? usual.width)
    .height(height ?? usual.height);
}

function measured<P extends MeasuredMethods>(panel: P, spec: Measured, usual: Size): P {
  const { unit, queries, thresholds = [], decimals, max, links = [] } = spec;
  described(panel, spec, usual)
    .datasource(datasources.prometheus)
    .unit(unit)
    .thresholds(steps(thresholds))
    .dataLinks(links.map(seriesLink))
    .targets(queries.map(target));
  if (decimals !== undefined) panel.decimals(decimals);
  if (max !== undefined) panel.max(max);
  return panel;
}

function target({ expr, legend = '', instant, format, exemplars }: Query, index: number): prometheus.DataqueryBuilder {
  const query = new prometheus.DataqueryBuilder()
    .refId(String.fromCharCode(65 + index))
    .datasource(datasources.prometheus)
    .expr(expr)
    .legendFormat(legend)
    .editorMode(prometheus.QueryEditorMode.Code);
  if (instant) query.instant();
  else query.range();
  if (format) query.format(format as prometheus.PromQueryFormat);
  if (exemplars) query.exemplar(true);
  return query;
}

function steps(thresholds: readonly Threshold[]): dashboard.ThresholdsConfigBuilder {
  return new dashboard.ThresholdsConfigBuilder()
    .mode(dashboard.ThresholdsMode.Absolute)
    .steps(
      [...(thresholds[0]?.from === everything ? [] : [{ from: everything, color: good }]), ...thresholds].map(
        ({ from, color }) => ({ value: from === everything ? null : from, color }),
      ),
    );
}

function colorBy(mode: dashboard.FieldColorModeId): dashboard.FieldColorBuilder {
  return new dashboard.FieldColorBuilder().mode(mode);
}
