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
  const { loki } = datasources;
  return { title, url: explore(loki, [{ refId: 'A', datasource: loki, expr: query, queryType: 'range' }]) };
}

/** Traces in Explore: what any of the searches finds. */
export function tracesLink(title: string, ...searches: readonly JaegerSearch[]): Link {
  return { title, url: explore(datasources.jaeger, searches.map(jaegerQuery)) };
}

/** A query of the Jaeger data source, for which the SDK has no type. */
export function jaegerQuery(search: JaegerSearch, index: number) {
  const refId = String.fromCharCode(65 + index);
  return { refId, datasource: datasources.jaeger, queryType: 'search', limit: 20, ...search };
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

function explore({ uid }: { readonly uid: string }, queries: readonly object[]): string {
  const pane = {
    datasource: uid,
    queries,
    range: { from: '${__from}', to: '${__to}' },
  };
  // Grafana fills in variables only where they are not encoded.
  const panes = encodeURIComponent(JSON.stringify({ a: pane })).replaceAll(
    /%24%7B(.+?)%7D/g,
    (_, name: string) => `\${${decodeURIComponent(name)}}`,
  );
  return `/explore?schemaVersion=1&panes=${panes}`;
}
