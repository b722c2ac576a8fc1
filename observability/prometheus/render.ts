import { stringify } from 'yaml';
import { type Address, formatAddress } from '#catalog/address.ts';
import { formatDuration } from './duration.ts';

export interface PrometheusParams {
  readonly scrapeIntervalSeconds: number;
  readonly evaluationIntervalSeconds: number;
  readonly backends: readonly { readonly name: string; readonly address: Address }[];
  readonly nginxExporter: Address;
  readonly collector: Address;
  readonly loki: Address;
  readonly jaeger: Address;
  readonly alertmanager: Address;
  readonly prometheus: Address;
  /** Paths of rule files, absolute or relative to the configuration file. */
  readonly ruleFiles: readonly string[];
}

/**
 * prometheus.yml. Exemplars are only kept with `--enable-feature=exemplar-storage` on the command line.
 * `job` is the service, `instance` its catalog name, so that no query depends on addresses.
 */
export function renderPrometheus(params: PrometheusParams): string {
  return stringify({
    global: {
      scrape_interval: formatDuration(params.scrapeIntervalSeconds),
      scrape_timeout: formatDuration(Math.min(params.scrapeIntervalSeconds, 10)),
      evaluation_interval: formatDuration(params.evaluationIntervalSeconds),
      scrape_protocols: ['OpenMetricsText1.0.0', 'OpenMetricsText0.0.1', 'PrometheusText1.0.0', 'PrometheusText0.0.4'],
    },
    storage: { exemplars: { max_exemplars: 20_000 } },
    rule_files: params.ruleFiles,
    alerting: {
      alertmanagers: [{ static_configs: [{ targets: [formatAddress(params.alertmanager)] }] }],
    },
    scrape_configs: [
      {
        job_name: 'backend',
        static_configs: params.backends.map(({ name, address }) => ({
          targets: [formatAddress(address)],
          labels: { instance: name, service: 'backend' },
        })),
      },
      job('nginx', params.nginxExporter),
      job('collector', params.collector),
      job('loki', params.loki),
      job('jaeger', params.jaeger),
      job('alertmanager', params.alertmanager),
      job('prometheus', params.prometheus),
    ],
  });
}

function job(name: string, address: Address) {
  return {
    job_name: name,
    static_configs: [{ targets: [formatAddress(address)], labels: { instance: name, service: name } }],
  };
}
