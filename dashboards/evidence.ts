import type { Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as logsPanel from '@grafana/grafana-foundation-sdk/logs';
import * as loki from '@grafana/grafana-foundation-sdk/loki';
import * as tablePanel from '@grafana/grafana-foundation-sdk/table';
import { type JaegerSearch, jaegerQuery } from './links.ts';
import { type Described, described, type Panel } from './panel.ts';
import { units } from './units.ts';
import { datasources } from './variables.ts';

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
      groupMode: 'default',
      maxItems: 20,
      sortOrder: 3,
      alertInstanceLabelFilter: '',
      stateFilter: { firing: true, pending: true, recovering: false, noData: false, normal: false, error: true },
    });
}
