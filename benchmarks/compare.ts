import { setTimeout as delay } from 'node:timers/promises';
import type { Lab } from './lab.ts';
import { generateLoad } from './load.ts';
import type { ServerProcess } from './server-process.ts';

export interface Contestant {
  readonly server: ServerProcess;
  readonly path: string;
  /** Something that goes on while this one is measured, until it is disposed of. */
  alongside?(): AsyncDisposable;
}

/** What one contestant did in one round. */
export interface Round {
  readonly requestsPerSecond: number;
  /** Processor time of the server per request, in microseconds: what is left of the noise of a shared machine. */
  readonly cpuMicroseconds: number;
  /** Share of its core that the generator took, 0..1: near 1 it is the generator that is measured. */
  readonly generatorLoad: number;
}

/** The rounds of each contestant; those at one index were measured one right after the other. */
export type Rounds<Name extends string> = Readonly<Record<Name, readonly Round[]>>;

const connections = 32;
const warmUpSeconds = 1;
const firstWarmUpSeconds = 4;

/** Measures all contestants in each round, in another order each time, so that what the machine does meets all of them. */
export async function compare<Name extends string>(
  lab: Lab,
  contestants: Readonly<Record<Name, Contestant>>,
  rounds: number = lab.rounds,
): Promise<Rounds<Name>> {
  const names = Object.keys(contestants) as Name[];
  const measured = Object.fromEntries(names.map((name) => [name, [] as Round[]])) as Record<Name, Round[]>;
  for (let round = 0; round < rounds; round += 1) {
    const order = names.map((_, index) => names[(index + round) % names.length] as Name);
    for (const name of order) {
      measured[name].push(await measure(lab, contestants[name], round === 0 ? firstWarmUpSeconds : warmUpSeconds));
    }
  }
  return measured;
}

/** For each round what `of` gives for one contestant, divided by what it gives for another. */
export function ratios<Name extends string>(
  rounds: Rounds<Name>,
  name: Name,
  base: Name,
  of: (round: Round) => number = ({ requestsPerSecond }) => requestsPerSecond,
): readonly number[] {
  return rounds[name].map((round, index) => of(round) / of(rounds[base][index] as Round));
}

async function measure(lab: Lab, { server, path, alongside }: Contestant, warmUp: number): Promise<Round> {
  await using _company = alongside?.();
  const load = await generateLoad(
    {
      url: `${server.url}${path}`,
      connections,
      seconds: lab.secondsPerRun,
      warmUpSeconds: warmUp,
      watchedPids: [server.pid],
    },
    lab.signal,
  );
  await untilIdle(server);
  return {
    requestsPerSecond: load.ok / load.seconds,
    cpuMicroseconds: (1e6 * (load.watchedCpuSeconds[0] ?? 0)) / load.ok,
    generatorLoad: load.generatorCpuSeconds / load.seconds,
  };
}

/** Spans that wait to be exported would otherwise be paid for by the next one. */
async function untilIdle(server: ServerProcess): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (let before = server.cpuSeconds(); performance.now() < deadline; ) {
    await delay(250);
    const now = server.cpuSeconds();
    if (now - before < 0.03) return;
    before = now;
  }
}
