/** The uids of the dashboards: they stand in links, so they never change. */
export const dashboards = {
  overview: 'firedrill-overview',
  slo: 'firedrill-slo',
  backend: 'firedrill-backend',
  dependencies: 'firedrill-dependencies',
  runtime: 'firedrill-node-runtime',
  nginx: 'firedrill-nginx',
  loadTest: 'firedrill-load-test',
  alerts: 'firedrill-alerts',
  debrief: 'firedrill-drill-debrief',
} as const;
