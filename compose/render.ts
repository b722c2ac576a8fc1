import { Document, isMap, isScalar, type Pair, visit } from 'yaml';
import { containerNetwork } from '#catalog/containers.ts';
import { type Service, services } from '#catalog/services.ts';
import { gatewayIp, ip } from './addresses.ts';
import { type Container, common, renderContainer, rhythm } from './container.ts';
import { knob } from './knobs.ts';
import { backends } from './services/backends.ts';
import { nginx, nginxExporter } from './services/edge.ts';
import { k6 } from './services/load.ts';
import { alertmanager, collector, grafana, jaeger, loki, pager, prometheus } from './services/observability.ts';
import { postgres, toxiproxy, valkey, valkeyQueues } from './services/stores.ts';

/** What is asked of it to serve users; the rest watches. */
function core(replicas: number): readonly Container[] {
  return [postgres, valkey, valkeyQueues, toxiproxy, ...backends(replicas), nginx];
}

function observers(replicas: number): readonly Container[] {
  return [nginxExporter(replicas), loki, jaeger, collector, alertmanager, pager, prometheus, grafana];
}

/** docker-compose.yml for so many replicas. */
export function renderCompose(replicas: number): string {
  const containers = [...core(replicas), ...observers(replicas), k6].map(waitingFor(services(replicas)));
  const file = toDocument({
    name: 'firedrill',
    'x-common': common,
    'x-rhythm': rhythm,
    services: Object.fromEntries(containers.map((container) => [container.name, renderContainer(container)])),
    networks: {
      [containerNetwork]: {
        name: `${knob('NAME_PREFIX')}-network`,
        ipam: { config: [{ subnet: `${ip(0)}/24`, gateway: gatewayIp, ip_range: `${ip(128)}/25` }] },
      },
    },
    volumes: Object.fromEntries(containers.flatMap(namedVolumes).map((name) => [name, {}])),
  });
  mergeShared(file);
  return toText(file);
}

/** A container waits for all that its service depends on. */
function waitingFor(catalog: readonly Service[]): (container: Container) => Container {
  return (container) => {
    const dependsOn = catalog.find(({ name }) => name === container.name)?.dependsOn ?? [];
    return { ...container, dependsOn: [...dependsOn, ...(container.dependsOn ?? [])] };
  };
}

/** Laid over docker-compose.yml it leaves the core, and gives the rest the profile `observability`. */
export function renderCoreOnly(replicas: number): string {
  const profiles = observers(replicas).map(({ name }) => [name, { profiles: ['observability'] }]);
  return toText(toDocument({ services: Object.fromEntries(profiles) }));
}

function namedVolumes({ volumes = [] }: Container): readonly string[] {
  return volumes.flatMap((volume) => /^[a-z][a-z-]*(?=:)/.exec(volume)?.[0] ?? []);
}

/** Written so that it means the same to whoever reads YAML 1.1, where a bare `no` is no text. */
function toDocument(content: unknown): Document {
  return new Document(content, { version: '1.1', aliasDuplicateObjects: false });
}

/** Every service begins with what all of them say, and every health check with its rhythm, by reference. */
function mergeShared(file: Document): void {
  const refer = (name: string, into: unknown): void => {
    if (!isMap(into)) return;
    const shared = file.get(`x-${name}`);
    if (!isMap(shared)) throw new Error(`there is no x-${name}`);
    into.items.unshift(file.createPair('<<', file.createAlias(shared, name)) as Pair<never, never>);
  };
  const described = file.get('services');
  for (const { value: service } of isMap(described) ? described.items : []) {
    if (!isMap(service)) continue;
    refer('rhythm', service.get('healthcheck'));
    refer('common', service);
  }
}

/** A line between parts and between services, and lists on one line. */
function toText(file: Document): string {
  for (const part of [file.contents, file.get('services')]) {
    for (const { key } of isMap(part) ? part.items.slice(1) : []) if (isScalar(key)) key.spaceBefore = true;
  }
  visit(file, {
    Seq: (_key, list) => {
      list.flow = list.items.every(isScalar);
    },
  });
  return file.toString({ lineWidth: 0, directives: false });
}
