import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as tablePanel from '@grafana/grafana-foundation-sdk/table';
import { type Link, seriesLink } from './links.ts';
import { colorBy, type Measured, measured, type Panel, steps, type Threshold } from './panel.ts';
import type { Unit } from './units.ts';

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
