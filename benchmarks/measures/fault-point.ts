import type { Benchmark } from '../benchmark.ts';
import { compare, ratios } from '../compare.ts';
import { summarise } from '../statistics.ts';

const path = '/api/backend/trivial';

/** What it costs that every request passes a place where it could be made to fail. */
export const faultPoint: Benchmark = {
  name: 'fault-point',
  title: 'idle fault point',
  async run(lab) {
    const rounds = await compare(
      lab,
      {
        without: { server: await lab.start('trivialWithoutFaultPoint'), path },
        with: { server: await lab.start('trivial'), path },
      },
      // Looking for hundredths takes more rounds.
      2 * lab.rounds + 1,
    );
    const cpu = summarise(ratios(rounds, 'without', 'with', ({ cpuMicroseconds }) => cpuMicroseconds));
    return [
      {
        measure: 'trivial route, idle fault point ÷ none',
        value: summarise(ratios(rounds, 'with', 'without')),
        unit: 'ratio',
        toReach: { atLeast: 0.98 },
        note: `by processor time ${cpu.median.toFixed(2)}`,
      },
    ];
  },
};
