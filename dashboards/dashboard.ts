import * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import { dashboards } from '#catalog/dashboards.ts';
import { jobs } from '#catalog/services.ts';
import { type Link, tag, topLinks } from './links.ts';
import type { Panel } from './panel.ts';
import { of } from './queries.ts';
import { datasources, datasourceVariables, type Variable } from './variables.ts';

/** A dashboard as it is written here. */
export interface DashboardSpec {
  readonly name: keyof typeof dashboards;
  readonly title: string;
  /** The question it answers. */
  readonly description: string;
  readonly variables: readonly Variable[];
  /** To its logs and its traces. */
  readonly links: readonly Link[];
  readonly rows: readonly Row[];
  /** How far back it looks at first. */
  readonly from?: string;
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** The dashboard as Grafana reads it. */
export function buildDashboard(spec: DashboardSpec): sdk.Dashboard {
  const builder = new sdk.DashboardBuilder(`Firedrill / ${spec.title}`)
    .uid(dashboards[spec.name])
    .description(spec.description)
    .tags([tag])
    .readonly()
    .timezone('browser')
    .tooltip(sdk.DashboardCursorSync.Crosshair)
    .refresh('5s')
    .time({ from: spec.from ?? 'now-30m', to: 'now' })
    .links([...topLinks(spec.links)])
    .annotations([firingAlerts(), restarts()])
    .variables([...datasourceVariables(), ...spec.variables]);
  for (const { title, panels } of spec.rows) {
    builder.withRow(new sdk.RowBuilder(title));
    for (const panel of panels) builder.withPanel(panel);
  }
  const dashboard = builder.build();
  numberPanels(dashboard);
  return dashboard;
}

function numberPanels({ panels = [] }: sdk.Dashboard): void {
  for (const [index, panel] of panels.entries()) panel.id = index + 1;
}

/** Where alerts fired, in every panel. */
function firingAlerts(): sdk.AnnotationQueryBuilder {
  return annotation('Firing alerts', 'red', 'max by (alertname, severity) (ALERTS{alertstate="firing"})')
    .titleFormat('{{alertname}}')
    .textFormat('fires ({{severity}})')
    .tagKeys('severity');
}

/** When replicas started. */
function restarts(): sdk.AnnotationQueryBuilder {
  return annotation('Replica starts', 'blue', `1000 * ${of(jobs.backend, 'process_start_time_seconds')}`)
    .titleFormat('{{instance}} started')
    .useValueForTime(true);
}

function annotation(name: string, color: string, expr: string): sdk.AnnotationQueryBuilder {
  return new sdk.AnnotationQueryBuilder()
    .name(name)
    .enable(true)
    .iconColor(color)
    .datasource(datasources.prometheus)
    .target(new prometheus.DataqueryBuilder().refId('A').expr(expr).range());
}
