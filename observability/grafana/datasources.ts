import { metrics } from '#catalog/signals.ts';

export interface DatasourcesParams {
  /** Base URLs as Grafana reaches them. */
  readonly prometheus: string;
  readonly loki: string;
  readonly jaeger: string;
  readonly alertmanager: string;
  /** `1s` */
  readonly scrapeInterval: string;
}

/**
 * The datasources and the ways between them: from an exemplar to its trace, from a log line to its trace, from a span to the log
 * lines of its trace and to the numbers of its replica. In provisioning `$$` is a dollar sign.
 */
export function datasources({ prometheus, loki, jaeger, alertmanager, scrapeInterval }: DatasourcesParams) {
  return [
    {
      ...fixed('prometheus', 'Prometheus', 'prometheus', prometheus),
      isDefault: true,
      jsonData: {
        httpMethod: 'POST',
        prometheusType: 'Prometheus',
        timeInterval: scrapeInterval,
        manageAlerts: true,
        alertmanagerUid: 'alertmanager',
        exemplarTraceIdDestinations: [{ name: 'trace_id', datasourceUid: 'jaeger', urlDisplayLabel: 'Open the trace' }],
      },
    },
    {
      ...fixed('loki', 'Loki', 'loki', loki),
      jsonData: {
        maxLines: 1000,
        manageAlerts: false,
        derivedFields: [
          {
            name: 'Trace',
            matcherType: 'label',
            matcherRegex: 'trace_id',
            // Not an address: what the linked datasource is asked for.
            url: '$${__value.raw}',
            datasourceUid: 'jaeger',
            urlDisplayLabel: 'Open the trace',
          },
        ],
      },
    },
    {
      ...fixed('jaeger', 'Jaeger', 'jaeger', jaeger),
      jsonData: {
        nodeGraph: { enabled: true },
        spanBar: { type: 'Tag', tag: 'http.route' },
        traceIdTimeParams: { enabled: false },
        tracesToLogsV2: {
          datasourceUid: 'loki',
          spanStartTimeShift: '-10s',
          spanEndTimeShift: '30s',
          customQuery: true,
          query: logsOfTrace('$${__trace.traceId}'),
        },
        tracesToMetrics: {
          datasourceUid: 'prometheus',
          spanStartTimeShift: '-5m',
          spanEndTimeShift: '5m',
          tags: [{ key: 'service.instance.id', value: 'instance' }],
          queries: [
            {
              name: 'Requests of this replica by status',
              query: `sum by (status) (rate(${metrics.httpRequests}{$$__tags}[$$__rate_interval]))`,
            },
            {
              name: 'p95 of this replica by route',
              query: `histogram_quantile(0.95, sum by (le, route) (rate(${metrics.httpRequestDuration}_bucket{$$__tags}[$$__rate_interval])))`,
            },
          ],
        },
      },
    },
    {
      ...fixed('alertmanager', 'Alertmanager', 'alertmanager', alertmanager),
      jsonData: { implementation: 'prometheus', handleGrafanaManagedAlerts: false },
    },
  ];
}

/** LogQL: every line of a trace, whoever wrote it. */
export function logsOfTrace(traceId: string): string {
  return `{service_name=~".+"} | trace_id="${traceId}"`;
}

function fixed(uid: string, name: string, type: string, url: string) {
  return { uid, name, type, url, access: 'proxy', editable: false };
}
