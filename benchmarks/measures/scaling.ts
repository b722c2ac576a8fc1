import { freePorts } from '#runner/preflight.ts';
import { startNginx } from '#tests/support/started-nginx.ts';
import { type Benchmark, type Finding, once } from '../benchmark.ts';
import type { Lab } from '../lab.ts';
import { generateLoad } from '../load.ts';
import { descendants } from '../processes.ts';
import type { ServerProcess } from '../server-process.ts';
import { type Summary, summarise } from '../statistics.ts';

const path = '/api/backend/data?limit=100';

/** What one request cost whom, in microseconds of processor time. */
interface Cost {
  readonly requestsPerSecond: number;
  readonly replicas: number;
  /** nginx, PostgreSQL, Valkey and what takes the spans. */
  readonly around: number;
  readonly generator: number;
}

/** Whether two replicas behind nginx serve twice as much as one, on the two cores that there are. */
export const scaling: Benchmark = {
  name: 'scaling',
  title: 'one and two replicas behind nginx',
  async run(lab) {
    lab.cores.share();
    const replicas = [await lab.start('backendOnAnyCore'), await lab.start('backendOnAnyCore')];
    await using one = await edge(lab, replicas.slice(0, 1));
    await using two = await edge(lab, replicas);
    const costs: Record<'one' | 'two', Cost[]> = { one: [], two: [] };
    for (let round = 0; round < lab.rounds; round += 1) {
      costs.one.push(await measure(lab, one.url, replicas));
      costs.two.push(await measure(lab, two.url, replicas));
    }
    return describe(costs);
  },
};

async function edge({ tools }: Lab, replicas: readonly ServerProcess[]) {
  const ports = await freePorts(0);
  const host = '127.0.0.1';
  return startNginx(tools.nginx, {
    listen: { host, port: ports.edge },
    status: { host, port: ports.edgeStatus },
    upstreams: replicas.map(({ name, url }) => ({ name, address: { host, port: Number(new URL(url).port) } })),
  });
}

async function measure(lab: Lab, url: string, replicas: readonly ServerProcess[]): Promise<Cost> {
  const pids = replicas.map(({ pid }) => pid);
  // This process is the one that takes the spans.
  const around = [process.pid, ...descendants(process.pid)].filter((pid) => !pids.includes(pid));
  const load = await generateLoad(
    {
      url: `${url}${path}`,
      connections: 64,
      seconds: lab.secondsPerRun,
      warmUpSeconds: 1,
      watchedPids: [...pids, ...around],
    },
    lab.signal,
  );
  const perRequest = (seconds: readonly number[]) => (1e6 * seconds.reduce((sum, each) => sum + each, 0)) / load.ok;
  return {
    requestsPerSecond: load.ok / load.seconds,
    replicas: perRequest(load.watchedCpuSeconds.slice(0, pids.length)),
    around: perRequest(load.watchedCpuSeconds.slice(pids.length)),
    generator: perRequest([load.generatorCpuSeconds]),
  };
}

function describe({ one, two }: Readonly<Record<'one' | 'two', readonly Cost[]>>): readonly Finding[] {
  const median = (of: (cost: Cost) => number): number => summarise(two.map(of)).median;
  const shares = `per request replica ${median((cost) => cost.replicas).toFixed(0)} µs, nginx, stores and span sink ${median((cost) => cost.around).toFixed(0)} µs, load generator ${median((cost) => cost.generator).toFixed(0)} µs`;
  return [
    { measure: 'one replica behind nginx', value: perSecond(one), unit: 'req/s' },
    {
      measure: 'two replicas ÷ one, load generator on the same two cores',
      value: summarise(two.map((cost, index) => cost.requestsPerSecond / (one[index]?.requestsPerSecond ?? 0))),
      unit: 'ratio',
      note: shares,
    },
    {
      measure: 'two replicas ÷ one, load generator excluded',
      value: summarise(two.map(withoutGenerator)),
      unit: 'ratio',
      toReach: { atLeast: 1.7 },
      note: 'worked out from what a request costs whom: one replica fills one core, two share both cores with nginx and the stores',
    },
    {
      measure: 'cores for 10 000 req/s through nginx, stores included',
      value: once(median((cost) => (cost.replicas + cost.around) / 100)),
      unit: 'cores',
    },
  ];
}

/** One replica can use one core; with two all that work shares two cores. What one spends waiting for nobody is not work. */
function withoutGenerator({ replicas, around }: Cost): number {
  const oneReplica = Math.min(1 / replicas, 2 / (replicas + around));
  return 2 / (replicas + around) / oneReplica;
}

function perSecond(costs: readonly Cost[]): Summary {
  return summarise(costs.map(({ requestsPerSecond }) => requestsPerSecond));
}
