import type { Benchmark, Finding } from '../benchmark.ts';
import { compare, type Rounds, ratios } from '../compare.ts';
import { summarise } from '../statistics.ts';

type Name = 'stock' | 'peers' | 'ours';

interface Workload {
  readonly title: string;
  readonly path: string;
  readonly toStock: number;
  readonly toPeers: number;
}

const workloads: Readonly<Record<'hit' | 'miss' | 'trivial', Workload>> = {
  hit: { title: 'cached read of 100 rows', path: '/api/backend/data?limit=100', toStock: 1.1, toPeers: 5 },
  miss: {
    title: 'read of 100 rows from the database',
    path: '/api/backend/data?limit=100&nocache',
    toStock: 2,
    toPeers: 4.5,
  },
  trivial: { title: 'trivial route', path: '/api/backend/trivial', toStock: 0.55, toPeers: 6 },
};

/** What a cached read, a read from the database and an empty request cost, against bare Express and against what people use. */
export const reads: readonly Benchmark[] = (['hit', 'miss', 'trivial'] as const).map((name) => ({
  name,
  title: workloads[name].title,
  async run(lab) {
    const { path } = workloads[name];
    // First, because it makes the tables that all of them read.
    const backend = await lab.start('backend');
    const ours = name === 'trivial' ? await lab.start('trivial') : backend;
    const rounds = await compare(lab, {
      stock: { server: await lab.start('stock'), path },
      peers: { server: await lab.start('peers'), path },
      ours: { server: ours, path },
    });
    return describe(workloads[name], rounds);
  },
}));

function describe(workload: Workload, rounds: Rounds<Name>): readonly Finding[] {
  const perSecond = rounds.ours.map(({ requestsPerSecond }) => requestsPerSecond);
  const perCore = rounds.ours.map(({ cpuMicroseconds }) => 1e6 / cpuMicroseconds);
  return [
    against(workload, rounds, 'stock', 'bare Express', workload.toStock),
    against(workload, rounds, 'peers', 'peers’ default', workload.toPeers),
    { measure: `${workload.title}, fully on`, value: summarise(perSecond), unit: 'req/s', note: bottleneck(rounds) },
    { measure: `${workload.title}, per core of a replica`, value: summarise(perCore), unit: 'req/s' },
    {
      measure: `${workload.title}, cores of replicas for 10 000 req/s`,
      value: summarise(perCore.map((each) => 10_000 / each)),
      unit: 'cores',
    },
  ];
}

function against(
  { title }: Workload,
  rounds: Rounds<Name>,
  base: 'stock' | 'peers',
  called: string,
  atLeast: number,
): Finding {
  const cpu = summarise(ratios(rounds, base, 'ours', ({ cpuMicroseconds }) => cpuMicroseconds));
  return {
    measure: `${title}, fully on ÷ ${called}`,
    value: summarise(ratios(rounds, 'ours', base)),
    unit: 'ratio',
    toReach: { atLeast },
    note: `by processor time ${cpu.median.toFixed(2)}`,
  };
}

/** Says who was busy: a ratio of servers that had to wait for the generator would flatter the slower one. */
function bottleneck(rounds: Rounds<Name>): string {
  const busy = (Object.keys(rounds) as Name[]).map((name) => {
    const median = (of: (round: Rounds<Name>[Name][number]) => number) => summarise(rounds[name].map(of)).median;
    const server = median(({ requestsPerSecond, cpuMicroseconds }) => (requestsPerSecond * cpuMicroseconds) / 1e6);
    return `${name} ${percent(server)} of its core, generator ${percent(median((round) => round.generatorLoad))}`;
  });
  return `busy: ${busy.join('; ')}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
