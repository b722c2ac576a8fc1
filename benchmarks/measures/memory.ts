import { type Benchmark, once } from '../benchmark.ts';
import { generateLoad, type LoadSpec } from '../load.ts';

const mebibyte = 1024 * 1024;

/** What a replica takes of memory at the load it is made for, and when it gets as much as it can serve. */
export const memory: Benchmark = {
  name: 'memory',
  title: 'resident memory of a replica',
  async run(lab) {
    const server = await lab.start('backend');
    const load = (path: string, more: Partial<LoadSpec> = {}) =>
      generateLoad(
        {
          url: `${server.url}${path}`,
          connections: 32,
          seconds: 3 * lab.secondsPerRun,
          warmUpSeconds: 0,
          watchedPids: [],
          ...more,
        },
        lab.signal,
      );
    const idle = server.memoryBytes();
    await load('/api/backend/data?limit=100', { requestsPerSecond: 100 });
    await load('/api/backend/data?limit=100&nocache', { requestsPerSecond: 100 });
    const typical = server.memoryBytes();
    await load('/api/backend/data?limit=100');
    await load('/api/backend/data?limit=100&nocache');
    await load('/api/backend/data?limit=1000');
    return [
      { measure: 'memory of a replica, just started', value: once(idle / mebibyte), unit: 'MiB' },
      {
        measure: 'memory of a replica, at 100 req/s',
        value: once(typical / mebibyte),
        unit: 'MiB',
        toReach: { atMost: 128 },
      },
      {
        measure: 'memory of a replica, highest',
        value: once(server.peakMemoryBytes() / mebibyte),
        unit: 'MiB',
        toReach: { atMost: 256 },
        note: 'with as many requests as it can serve, bodies of 1 000 rows among them',
      },
    ];
  },
};
