import { type Benchmark, once } from '../benchmark.ts';
import { compare, ratios } from '../compare.ts';
import type { ServerProcess } from '../server-process.ts';
import { summarise } from '../statistics.ts';

const path = '/api/backend/data?limit=100';
const scrapes = 200;

/** What a scraper costs the requests that are served meanwhile. */
export const scrape: Benchmark = {
  name: 'scrape',
  title: 'scrape of /metrics each second',
  async run(lab) {
    const server = await lab.start('backend');
    const series = (await scraped(server)).split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
    const rounds = await compare(
      lab,
      { unscraped: { server, path }, scraped: { server, path, alongside: () => scrapeEachSecond(server) } },
      2 * lab.rounds + 1,
    );
    return [
      { measure: 'series of a replica', value: once(series), unit: 'count' },
      {
        measure: 'cached read, scraped each second ÷ not',
        value: summarise(ratios(rounds, 'scraped', 'unscraped')),
        unit: 'ratio',
        toReach: { atLeast: 0.98 },
        note: `by processor time ${summarise(ratios(rounds, 'unscraped', 'scraped', (round) => round.cpuMicroseconds)).median.toFixed(2)}`,
      },
      {
        measure: 'time a scrape holds up the event loop, at most',
        value: summarise(await timedScrapes(server)),
        unit: 'ms',
        toReach: { atMost: 10 },
        note: `${scrapes} scrapes of an idle replica, HTTP included`,
      },
    ];
  },
};

function scrapeEachSecond(server: ServerProcess): AsyncDisposable {
  let last: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    last = scraped(server);
  }, 1_000);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await last;
    },
  };
}

async function timedScrapes(server: ServerProcess): Promise<readonly number[]> {
  const durationsMs: number[] = [];
  for (let index = 0; index < scrapes; index += 1) {
    const startedMs = performance.now();
    await scraped(server);
    durationsMs.push(performance.now() - startedMs);
  }
  return durationsMs;
}

async function scraped(server: ServerProcess): Promise<string> {
  return await (await fetch(`${server.url}/metrics`)).text();
}
