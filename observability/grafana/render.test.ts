import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderGrafana } from './render.ts';

const at = (port: number) => ({ host: '127.0.0.1', port });
const files = renderGrafana({
  listen: at(3000),
  dataDir: '/data',
  provisioningDir: '/etc/grafana/provisioning',
  dashboardsDir: '/dashboards',
  prometheus: at(9090),
  loki: at(3100),
  jaeger: at(16686),
  alertmanager: at(9093),
  scrapeIntervalSeconds: 1,
});
const yaml = (path: string) => parse(files[path] ?? '');

interface Datasource {
  readonly uid: string;
  readonly url: string;
  readonly isDefault?: boolean;
  readonly jsonData: Record<string, unknown>;
}
const datasources: readonly Datasource[] = yaml('provisioning/datasources/firedrill.yaml').datasources;
const named = (uid: string) => datasources.find((datasource) => datasource.uid === uid)?.jsonData;

describe('the provisioning of Grafana', () => {
  it('gives every datasource its address and an uid that dashboards can rely on', () => {
    expect(datasources.map(({ uid, url }) => [uid, url])).toEqual([
      ['prometheus', 'http://127.0.0.1:9090'],
      ['loki', 'http://127.0.0.1:3100'],
      ['jaeger', 'http://127.0.0.1:16686'],
      ['alertmanager', 'http://127.0.0.1:9093'],
    ]);
    expect(datasources.filter(({ isDefault }) => isDefault).map(({ uid }) => uid)).toEqual(['prometheus']);
  });

  it('links datasources only to such as there are', () => {
    const linked = [...JSON.stringify(datasources).matchAll(/"(?:datasourceUid|alertmanagerUid)":"([^"]+)"/g)];
    expect(linked.map(([, uid]) => uid)).toEqual(['alertmanager', 'jaeger', 'jaeger', 'loki', 'prometheus']);
  });

  it('leads from an exemplar and from a log line to the trace, and from a span to the log lines of its trace', () => {
    expect(named('prometheus')).toMatchObject({
      exemplarTraceIdDestinations: [{ name: 'trace_id', datasourceUid: 'jaeger' }],
    });
    expect(named('loki')).toMatchObject({
      derivedFields: [{ matcherType: 'label', matcherRegex: 'trace_id', datasourceUid: 'jaeger' }],
    });
    expect(named('jaeger')).toMatchObject({
      tracesToLogsV2: {
        datasourceUid: 'loki',
        customQuery: true,
        query: '{service_name=~".+"} | trace_id="$${__trace.traceId}"',
      },
    });
  });

  it('knows how often is scraped, so that no rate looks at a range without samples', () => {
    expect(named('prometheus')).toMatchObject({ timeInterval: '1s' });
  });

  it('takes the dashboards from their folder, and lets nobody change them', () => {
    expect(yaml('provisioning/dashboards/firedrill.yaml').providers).toEqual([
      expect.objectContaining({ folder: 'Firedrill', allowUiUpdates: false, options: { path: '/dashboards' } }),
    ]);
  });

  it('shows them without a login to viewers who may explore, and starts with the overview', () => {
    const ini = files['grafana.ini'] ?? '';
    expect(ini).toContain('[auth.anonymous]\nenabled = true\norg_role = Viewer\n');
    expect(ini).toContain('viewers_can_edit = true');
    expect(ini).toContain('default_home_dashboard_path = /dashboards/firedrill-overview.json');
    expect(ini).toContain('http_addr = 127.0.0.1\nhttp_port = 3000\n');
  });
});
