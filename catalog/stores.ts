/** How each store is run: what a process and a container of it are started with alike. */
export const database = { name: 'firedrill', user: 'firedrill' } as const;

/** Rows and users that every installation begins with, with ids from 1 without a gap; whoever makes load leaves them as they are. */
export const seeded = { rows: 5000, users: 1000 } as const;

export const databaseSettings = ['shared_buffers=32MB', 'max_connections=100'] as const;

/** The cache: it forgets what was not used for long, and everything when it ends. */
export const cacheSettings = [
  ...['--save', '', '--appendonly', 'no'],
  ...['--maxmemory', '256mb', '--maxmemory-policy', 'allkeys-lru'],
] as const;

/**
 * The queues: a message that was accepted is not forgotten, neither for want of memory nor when the process is killed
 * (docs/adr/0002-queues-have-a-valkey-of-their-own.md).
 */
export const queueSettings = [
  ...['--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'],
  ...['--maxmemory', '64mb', '--maxmemory-policy', 'noeviction'],
] as const;

/** The stores as the backends reach them: each through a proxy of the same name, so that the network between can be broken. */
export const proxied = [
  { name: 'postgres', port: 'postgres', proxyPort: 'postgresProxy' },
  { name: 'valkey', port: 'valkey', proxyPort: 'valkeyProxy' },
  { name: 'valkey-queues', port: 'valkeyQueues', proxyPort: 'valkeyQueuesProxy' },
] as const;
