import { stringify } from 'yaml';
import { type Address, formatAddress } from '#catalog/address.ts';
import { dashboards } from '#catalog/dashboards.ts';
import { formatDuration } from '#observability/prometheus/duration.ts';
import { datasources } from './datasources.ts';

export interface GrafanaParams {
  readonly listen: Address;
  readonly dataDir: string;
  /** Where `provisioning` lies when Grafana reads it. */
  readonly provisioningDir: string;
  /** Where the dashboards lie, one JSON file each, named by their uid. */
  readonly dashboardsDir: string;
  readonly prometheus: Address;
  readonly loki: Address;
  readonly jaeger: Address;
  readonly alertmanager: Address;
  /** Grafana must not look at shorter ranges than a few scrapes. */
  readonly scrapeIntervalSeconds: number;
}

/** What Grafana reads, by path: `grafana.ini`, and the rest below the folder `provisioning`. */
export function renderGrafana(params: GrafanaParams): Readonly<Record<string, string>> {
  return {
    'grafana.ini': settings(params),
    'provisioning/datasources/firedrill.yaml': stringify({
      apiVersion: 1,
      prune: true,
      datasources: datasources({
        prometheus: url(params.prometheus),
        loki: url(params.loki),
        jaeger: url(params.jaeger),
        alertmanager: url(params.alertmanager),
        scrapeInterval: formatDuration(params.scrapeIntervalSeconds),
      }),
    }),
    'provisioning/dashboards/firedrill.yaml': stringify({
      apiVersion: 1,
      providers: [
        {
          name: 'firedrill',
          type: 'file',
          folder: 'Firedrill',
          folderUid: 'firedrill',
          disableDeletion: true,
          allowUiUpdates: false,
          updateIntervalSeconds: 10,
          options: { path: params.dashboardsDir },
        },
      ],
    }),
  };
}

/**
 * Everybody who reaches it is a viewer, who may explore and change what is on the screen, but not save it.
 * Nothing is reported to anybody, and nothing fetched.
 */
function settings({ listen, dataDir, provisioningDir, dashboardsDir }: GrafanaParams): string {
  return renderIni({
    paths: { data: dataDir, logs: `${dataDir}/log`, plugins: `${dataDir}/plugins`, provisioning: provisioningDir },
    server: { protocol: 'http', http_addr: listen.host, http_port: listen.port },
    'auth.anonymous': { enabled: true, org_role: 'Viewer' },
    auth: { disable_login_form: true },
    security: { disable_initial_admin_creation: true },
    users: { allow_sign_up: false, viewers_can_edit: true },
    analytics: { reporting_enabled: false, check_for_updates: false, check_for_plugin_updates: false },
    news: { news_feed_enabled: false },
    plugins: { preinstall_disabled: true },
    dashboards: {
      default_home_dashboard_path: `${dashboardsDir}/${dashboards.overview}.json`,
      min_refresh_interval: '1s',
    },
    unified_alerting: { enabled: true, execute_alerts: false },
    log: { mode: 'console', level: 'warn' },
  });
}

type Section = Readonly<Record<string, string | number | boolean>>;

function renderIni(sections: Readonly<Record<string, Section>>): string {
  return Object.entries(sections)
    .map(([name, section]) =>
      [`[${name}]`, ...Object.entries(section).map(([key, value]) => `${key} = ${value}`), ''].join('\n'),
    )
    .join('\n');
}

const url = (address: Address): string => `http://${formatAddress(address)}`;
