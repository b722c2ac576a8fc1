import { cacheSettings, database, databaseSettings, queueSettings } from '#catalog/stores.ts';
import { ports } from '../addresses.ts';
import type { Container } from '../container.ts';
import { knob } from '../knobs.ts';
import { configFolder, configVolume } from '../places.ts';

export const postgres: Container = {
  name: 'postgres',
  // The image gives its data folder to this user; it needs no rights to change users then.
  user: 'postgres',
  command: ['postgres', ...databaseSettings.flatMap((setting) => ['-c', setting])],
  environment: {
    POSTGRES_DB: database.name,
    POSTGRES_USER: database.user,
    POSTGRES_PASSWORD: knob('DB_PASSWORD'),
    POSTGRES_INITDB_ARGS: '--auth=scram-sha-256 --encoding=UTF8 --no-locale',
  },
  volumes: ['postgres-data:/var/lib/postgresql/data'],
  tmpfs: ['/tmp', '/var/run/postgresql:mode=1777'],
  // Over TCP: while it prepares the database for the first time it answers on its socket only.
  healthy: ['pg_isready', '-q', '-h', '127.0.0.1', '-U', database.user, '-d', database.name],
};

export const valkey = store('valkey', ports.valkey, cacheSettings, []);

export const valkeyQueues = store('valkey-queues', ports.valkeyQueues, queueSettings, ['queue-data:/data']);

export const toxiproxy: Container = {
  name: 'toxiproxy',
  user: '65534:65534',
  command: ['-host=0.0.0.0', `-port=${ports.toxiproxy}`, `-config=${configFolder}/proxies.json`],
  environment: { LOG_LEVEL: 'warn' },
  ports: [`127.0.0.1:${knob('TOXIPROXY_PORT')}:${ports.toxiproxy}`],
  volumes: [configVolume('toxiproxy')],
  // The image holds nothing else.
  healthy: ['/toxiproxy-cli', 'list'],
  // A store that is down has no name: whoever wants it is told at once, and not when name servers elsewhere have been asked in vain.
  nameServers: ['127.0.0.1'],
  dependsOn: ['postgres', 'valkey', 'valkey-queues'],
};

function store(
  name: 'valkey' | 'valkey-queues',
  port: number,
  settings: readonly string[],
  volumes: readonly string[],
): Container {
  return {
    name,
    user: 'valkey',
    // Without a password it would answer its own container only; nobody else is in this network.
    command: ['valkey-server', '--port', String(port), '--dir', '/data', '--protected-mode', 'no', ...settings],
    ...(volumes.length === 0 ? { tmpfs: ['/data:mode=1777'] } : { volumes }),
    healthy: ['valkey-cli', '-e', '-p', String(port), 'ping'],
  };
}
