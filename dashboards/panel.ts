import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import { type Link, seriesLink } from './links.ts';
import type { Query } from './queries.ts';
import type { Unit } from './units.ts';
import { datasources } from './variables.ts';

export type Panel = Builder<dashboard.Panel>;

export interface Described {
  readonly title: string;
  /** What it shows, and what to make of it. */
  readonly description: string;
  /** Of 24 columns. */
  readonly width?: number;
  readonly height?: number;
}

export interface Measured extends Described {
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

/** Title, description and size. */
export function described<P extends PanelMethods>(
  panel: P,
  { title, description, width, height }: Described,
  usual: Size,
): P {
  return panel
    .title(title)
    .description(description)
    .span(width ?? usual.width)
    .height(height ?? usual.height);
}

/** What every panel has that shows numbers. */
export function measured<P extends MeasuredMethods>(panel: P, spec: Measured, usual: Size): P {
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

export function steps(thresholds: readonly Threshold[]): dashboard.ThresholdsConfigBuilder {
  return new dashboard.ThresholdsConfigBuilder()
    .mode(dashboard.ThresholdsMode.Absolute)
    .steps(
      [...(thresholds[0]?.from === everything ? [] : [{ from: everything, color: good }]), ...thresholds].map(
        ({ from, color }) => ({ value: from === everything ? null : from, color }),
      ),
    );
}

export function colorBy(mode: dashboard.FieldColorModeId): dashboard.FieldColorBuilder {
  return new dashboard.FieldColorBuilder().mode(mode);
}

export interface MappedValue {
  readonly text: string;
  readonly color: Color;
}

/** Words and colours for values that mean something. */
export function mapping(values: Readonly<Record<string | number, MappedValue>>): dashboard.ValueMap {
  return { type: dashboard.MappingType.ValueToText, options: { ...values } };
}
