import { replicaPorts } from '#catalog/containers.ts';
import { exporterFlags } from '#catalog/limits.ts';
import { replicaNames } from '#catalog/services.ts';
import { ports, replicaIp, trustedProxies } from '../addresses.ts';
import type { Container } from '../container.ts';
import { knob } from '../knobs.ts';
import { accessLog, configFolder, configVolume, httpProbe, logVolume } from '../places.ts';

export const nginx: Container = {
  name: 'nginx',
  user: '101:101',
  entrypoint: ['sh', '/opt/firedrill/start.sh'],
  command: [`${configFolder}/nginx.conf`, accessLog],
  ports: [`${knob('BIND_ADDRESS')}:${knob('EDGE_PORT')}:${ports.edge}`],
  volumes: [configVolume('nginx'), './nginx/start.sh:/opt/firedrill/start.sh:ro', logVolume],
  tmpfs: ['/tmp:mode=1777'],
  healthy: httpProbe(ports.edgeStatus, '/nginx-health'),
  // The configuration knows by name whom it believes when they say for whom they ask.
  extraHosts: trustedProxies,
  stopGraceSeconds: 35,
};

export function nginxExporter(replicas: number): Container {
  const upstreams = replicaNames(replicas).map((name) => `${name}=${replicaIp(name)}:${replicaPorts.http}`);
  return {
    name: 'nginx-exporter',
    command: ['node', ...exporterFlags, 'observability/nginx-exporter/main.ts'],
    environment: {
      HOST: '0.0.0.0',
      PORT: ports.nginxExporter,
      ACCESS_LOG: accessLog,
      STUB_STATUS_URL: `http://nginx:${ports.edgeStatus}/stub_status`,
      UPSTREAMS: upstreams.join(','),
      HEALTH_PERIOD_SECONDS: knob('EDGE_HEALTH_PERIOD_SECONDS'),
      OTLP_ENDPOINT: `http://collector:${ports.collectorOtlp}`,
      TRACE_SHARE: knob('TRACE_SHARE'),
    },
    ports: [`${knob('BIND_ADDRESS')}:${knob('NGINX_EXPORTER_PORT')}:${ports.nginxExporter}`],
    volumes: [`${logVolume}:ro`],
    tmpfs: ['/tmp:mode=1777'],
    healthy: httpProbe(ports.nginxExporter, '/health'),
  };
}
