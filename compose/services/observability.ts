import { limitsOf } from '#catalog/containers.ts';
import type { ServiceName } from '#catalog/services.ts';
import { alertmanagerArguments } from '#observability/alertmanager/arguments.ts';
import { prometheusArguments } from '#observability/prometheus/arguments.ts';
import { everywhere, ports } from '../addresses.ts';
import type { Container } from '../container.ts';
import { knob } from '../knobs.ts';
import { configFolder, configVolume, httpProbe, logVolume, probeFolder, probeVolume } from '../places.ts';

/** By this variable the Collector knows which share of the traces to keep. */
export const tracePercent = 'TRACE_PERCENT';

export const collector: Container = {
  name: 'collector',
  user: '10001:10001',
  command: ['--config', `file:${configFolder}/collector.yaml`],
  // The share in percent: what the Collector reads as a number may have an exponent.
  environment: { ...goMemory('collector'), [tracePercent]: `${knob('TRACE_SHARE')}e2` },
  volumes: [configVolume('collector'), logVolume, `${probeVolume}:ro`],
  // Its image holds nothing but itself.
  healthy: httpProbe(ports.collectorHealth, '/', [`${probeFolder}/busybox`, 'wget']),
};

export const loki: Container = {
  name: 'loki',
  user: '10001:10001',
  command: [`-config.file=${configFolder}/loki.yaml`],
  environment: goMemory('loki'),
  ports: [published('LOKI_PORT', ports.loki)],
  volumes: [configVolume('loki'), 'loki-data:/loki'],
  tmpfs: ['/tmp:mode=1777'],
  healthy: ['/usr/bin/loki', '-health', `-health.url=http://127.0.0.1:${ports.loki}/ready`],
};

export const jaeger: Container = {
  name: 'jaeger',
  user: '10001:10001',
  command: ['--config', `file:${configFolder}/jaeger.yaml`],
  environment: goMemory('jaeger'),
  ports: [published('JAEGER_PORT', ports.jaeger)],
  volumes: [configVolume('jaeger')],
  tmpfs: ['/tmp:mode=1777'],
  healthy: httpProbe(ports.jaeger, '/api/services'),
};

export const prometheus: Container = {
  name: 'prometheus',
  user: '65534:65534',
  command: prometheusArguments({
    configFile: `${configFolder}/prometheus.yaml`,
    dataDir: '/prometheus',
    listen: everywhere(ports.prometheus),
  }),
  environment: goMemory('prometheus'),
  ports: [published('PROMETHEUS_PORT', ports.prometheus)],
  volumes: [configVolume('prometheus'), 'prometheus-data:/prometheus'],
  healthy: httpProbe(ports.prometheus, '/-/ready'),
};

export const alertmanager: Container = {
  name: 'alertmanager',
  user: '65534:65534',
  command: alertmanagerArguments({
    configFile: `${configFolder}/alertmanager.yaml`,
    dataDir: '/alertmanager',
    listen: everywhere(ports.alertmanager),
    forgetGroups: knob('FORGET_GROUPS'),
  }),
  environment: goMemory('alertmanager'),
  ports: [published('ALERTMANAGER_PORT', ports.alertmanager)],
  volumes: [configVolume('alertmanager'), 'alertmanager-data:/alertmanager'],
  healthy: httpProbe(ports.alertmanager, '/-/ready'),
  // A pager on this machine instead of the one beside it is reached by this name.
  extraHosts: { 'host.docker.internal': 'host-gateway' },
};

/** Natively the runner is the pager; here it is a service, so that somebody is told also where nobody runs the CLI. */
export const pager: Container = {
  name: 'pager',
  command: ['node', '--max-old-space-size=24', '--max-semi-space-size=1', 'runner/pager/main.ts'],
  environment: {
    HOST: '0.0.0.0',
    PORT: ports.webhook,
    ALERTMANAGER_URL: `http://alertmanager:${ports.alertmanager}`,
    TIME_SCALE: knob('TIME_SCALE'),
  },
  ports: [published('PAGER_PORT', ports.webhook)],
  tmpfs: ['/tmp:mode=1777'],
  healthy: httpProbe(ports.webhook, '/incidents'),
  dependsOn: ['alertmanager'],
};

export const dashboardFolder = '/var/lib/firedrill/dashboards';

export const grafana: Container = {
  name: 'grafana',
  user: '472:0',
  environment: {
    ...goMemory('grafana'),
    GF_PATHS_CONFIG: `${configFolder}/grafana.ini`,
    GF_PATHS_DATA: '/var/lib/grafana',
    GF_PATHS_PROVISIONING: `${configFolder}/provisioning`,
  },
  ports: [published('GRAFANA_PORT', ports.grafana)],
  volumes: [
    configVolume('grafana'),
    `${knob('FIREDRILL_DASHBOARDS')}:${dashboardFolder}:ro`,
    'grafana-data:/var/lib/grafana',
  ],
  tmpfs: ['/tmp:mode=1777'],
  healthy: httpProbe(ports.grafana, '/api/health'),
};

function published(name: Parameters<typeof knob>[0], port: number): string {
  return `${knob('BIND_ADDRESS')}:${knob(name)}:${port}`;
}

/** A Go program collects its garbage before it meets the limit of its container. */
function goMemory(name: ServiceName): Readonly<Record<string, string>> {
  return { GOMEMLIMIT: `${Math.floor(0.85 * limitsOf(name).memoryMiB)}MiB` };
}
