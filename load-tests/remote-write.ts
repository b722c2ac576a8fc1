import { jobs } from '#catalog/services.ts';

/**
 * What clients see, in Prometheus beside what the edge counts. Times are native histograms: quantiles that k6 makes itself are of the
 * whole run, and hide what happens now. The tags are few and none of them takes a value of its own for each request; without the
 * group, which is empty, the summary of k6 would know no check.
 * @source https://grafana.com/docs/k6/latest/results-output/real-time/prometheus-remote-write/
 */
export const remoteWrite = {
  args: [
    '--out',
    'experimental-prometheus-rw',
    '--system-tags=scenario,group,name,method,status,expected_response,error_code,check',
    `--tag=job=${jobs.load}`,
    `--tag=instance=${jobs.load}`,
  ],
  env: (prometheusUrl: string) => ({
    K6_PROMETHEUS_RW_SERVER_URL: `${prometheusUrl}/api/v1/write`,
    K6_PROMETHEUS_RW_PUSH_INTERVAL: '1s',
    K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM: 'true',
    K6_PROMETHEUS_RW_STALE_MARKERS: 'true',
  }),
} as const;
