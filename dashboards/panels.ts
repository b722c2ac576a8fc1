import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as heatmapPanel from '@grafana/grafana-foundation-sdk/heatmap';
import * as statPanel from '@grafana/grafana-foundation-sdk/stat';
import * as timelinePanel from '@grafana/grafana-foundation-sdk/statetimeline';
import * as seriesPanel from '@grafana/grafana-foundation-sdk/timeseries';
import { type Color, colorBy, type Measured, measured, type Panel } from './panel.ts';

export interface TimeSeries extends Measured {
  readonly stacked?: true;
  /** Colours of series by a pattern of their names. */
  readonly colors?: Readonly<Record<string, Color>>;
  /** May be below 0. */
  readonly signed?: true;
}

/** Lines over time. Thresholds are dashed lines. */
export function timeSeries(spec: TimeSeries): Panel {
  const { thresholds = [], stacked, colors = {}, signed } = spec;
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
  if (!signed) panel.min(0);
  if (stacked) panel.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group('A'));
  if (thresholds.length > 0) {
    panel.thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed));
  }
  for (const [pattern, color] of Object.entries(colors)) {
    panel.overrideByRegexp(pattern, [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }]);
  }
  return panel;
}

export interface Stat extends Measured {
  /** Without the line behind the number. */
  readonly plain?: true;
  /** Shown where there is no value, because that is well. */
  readonly none?: string;
}

/** One number, coloured by its thresholds. */
export function stat(spec: Stat): Panel {
  const panel = measured(new statPanel.PanelBuilder(), spec, { width: 4, height: 4 })
    .colorMode(common.BigValueColorMode.Value)
    .graphMode(spec.plain ? common.BigValueGraphMode.None : common.BigValueGraphMode.Area)
    .colorScheme(colorBy(dashboard.FieldColorModeId.Thresholds))
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false));
  if (spec.none !== undefined) panel.noValue(spec.none);
  return panel;
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
