import { stringify } from 'yaml';
import { type Address, formatAddress } from '#catalog/address.ts';
import { type Job, jobs } from '#catalog/services.ts';
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
        job_name: jobs.backend,
        static_configs: params.backends.map(({ name, address }) => ({
          targets: [formatAddress(address)],
          labels: { instance: name, service: jobs.backend },
        })),
      },
      job(jobs.edge, params.nginxExporter),
      job(jobs.collector, params.collector),
      job(jobs.loki, params.loki),
      job(jobs.jaeger, params.jaeger),
      job(jobs.alertmanager, params.alertmanager),
      job(jobs.prometheus, params.prometheus),
    ],
  });
}

function job(name: Job, address: Address) {
  return {
    job_name: name,
    static_configs: [{ targets: [formatAddress(address)], labels: { instance: name, service: name } }],
  };
}
