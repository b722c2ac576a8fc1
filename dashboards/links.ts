import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboards } from '#catalog/dashboards.ts';
import { datasources } from './variables.ts';

/** Carried by each of our dashboards, so that each lists the others. */
export const tag = 'firedrill';

/** A way from a series, a cell or a dashboard to somewhere else. `${…}` in the address is filled in by Grafana. */
export interface Link {
  readonly title: string;
  readonly url: string;
}

/** Log lines in Explore, of the range on the screen. */
export function logsLink(title: string, query: string): Link {
  return { title, url: explore(datasources.loki, { expr: query, queryType: 'range' }) };
}

/** Traces in Explore; `search` is what Jaeger is asked for. */
export function tracesLink(title: string, search: JaegerSearch): Link {
  return { title, url: explore(datasources.jaeger, { queryType: 'search', ...search }) };
}

export interface JaegerSearch {
  readonly service: string;
  readonly operation?: string;
  /** logfmt: `error=true http.route=/api` */
  readonly tags?: string;
  /** `300ms` */
  readonly minDuration?: string;
  readonly limit?: number;
}

/** Another dashboard in the same range; `query` sets variables: `var-slo=…`. */
export function dashboardLink(title: string, name: keyof typeof dashboards, query = ''): Link {
  return { title, url: `/d/${dashboards[name]}?\${__url_time_range}${query === '' ? '' : `&${query}`}` };
}

export function seriesLink({ title, url }: Link): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url).targetBlank(true);
}

/** What stands at the top of a dashboard: its logs, its traces, and all other dashboards. */
export function topLinks(links: readonly Link[]): readonly DashboardLinkBuilder[] {
  return [
    ...links.map((link) => seriesLink(link).icon('external link')),
    new DashboardLinkBuilder('Dashboards')
      .type(DashboardLinkType.Dashboards)
      .icon('dashboard')
      .tags([tag])
      .asDropdown(true)
      .keepTime(true),
  ];
}

function explore(datasource: { readonly type: string; readonly uid: string }, query: object): string {
  const pane = {
    datasource: datasource.uid,
    queries: [{ refId: 'A', datasource, ...query }],
    range: { from: '${__from}', to: '${__to}' },
  };
  // Grafana fills in variables only where they are not encoded.
  const panes = encodeURIComponent(JSON.stringify({ a: pane })).replaceAll(
    /%24%7B(.+?)%7D/g,
    (_, name: string) => `\${${decodeURIComponent(name)}}`,
  );
  return `/explore?schemaVersion=1&panes=${panes}`;
}
