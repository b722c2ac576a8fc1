import { setTimeout as delay } from 'node:timers/promises';
import { queryVector, type Series } from '#chaos/probes/prometheus-client.ts';
import { type Counts, tallyOf } from '#load-tests/gate/tally.ts';
import type { Slo } from '#observability/rules/slo.ts';
import type { Batch } from '#statistics/dispersion.ts';
import { SeriesIncreases } from './series-increases.ts';

/** What Prometheus counted of each SLO since `begin`, by the second of the scrape. */
export class ServerCounts {
  readonly #url: string;
  readonly #counted: readonly Counted[];
  #scrapeSeconds = unknownScrapeSeconds;
  #lookedAtMs = 0;

  constructor(url: string, slos: readonly Slo[]) {
    this.#url = url;
    this.#counted = slos.map((slo) => ({ slo, total: new SeriesIncreases(), events: new SeriesIncreases() }));
  }

  /** How often Prometheus seems to look at what it counts. */
  get scrapeSeconds(): number {
    return this.#scrapeSeconds;
  }

  /** What was counted until now is not of this run. */
  async begin(signal: AbortSignal): Promise<void> {
    const series = await this.#read(scrapesSought, signal, (increases, found) => increases.begin(found));
    this.#scrapeSeconds = scrapeSecondsOf(series) ?? unknownScrapeSeconds;
  }

  async look(signal: AbortSignal): Promise<void> {
    const unseen = (Date.now() - this.#lookedAtMs) / 1000;
    const windowSeconds = Math.ceil(Math.max(5, 3 * this.#scrapeSeconds) + unseen);
    await this.#read(windowSeconds, signal, (increases, found, untilMs) => increases.add(found, untilMs));
  }

  /** Waits until the server has counted what the clients did, as far as it will. */
  async settle(expected: ReadonlyMap<string, Batch>, signal: AbortSignal): Promise<void> {
    const endMs = Date.now() + 1000 * Math.max(5, 2.5 * this.#scrapeSeconds);
    const before = this.#newestMs();
    for (;;) {
      await this.look(signal);
      const caughtUp = [...expected].every(([name, { total }]) => this.of(name).total >= total);
      if ((caughtUp && this.#newestMs() > before) || Date.now() > endMs) return;
      await delay(250, undefined, { signal });
    }
  }

  of(name: string): Counts {
    const found = this.#counted.find(({ slo }) => slo.name === name);
    return tallyOf(found === undefined ? [] : batchesOf(found));
  }

  #newestMs(): number {
    return Math.max(...this.#counted.map(({ total }) => total.newestMs));
  }

  async #read(
    windowSeconds: number,
    signal: AbortSignal,
    take: (increases: SeriesIncreases, found: readonly Series[], untilMs: number) => void,
  ): Promise<readonly Series[]> {
    const atMs = Date.now();
    const ask = async (selectors: readonly string[]) => {
      const queries = selectors.map((selector) => queryVector(this.#url, `${selector}[${windowSeconds}s]`, signal));
      return (await Promise.all(queries)).flat();
    };
    const all = await Promise.all(
      this.#counted.map(async ({ slo, total, events }) => {
        // The events of a scrape that the total has not seen yet wait for the next look.
        const ofTotal = await ask(slo.sli.total);
        const ofEvents = await ask(slo.sli.events);
        take(total, ofTotal, Number.POSITIVE_INFINITY);
        take(events, ofEvents, total.newestMs);
        return [...ofTotal, ...ofEvents];
      }),
    );
    this.#lookedAtMs = atMs;
    return all.flat();
  }
}

interface Counted {
  readonly slo: Slo;
  readonly total: SeriesIncreases;
  readonly events: SeriesIncreases;
}

const unknownScrapeSeconds = 15;
/** Two scrapes of any usual interval. */
const scrapesSought = 300;

function batchesOf({ slo, total, events }: Counted): readonly Batch[] {
  const seconds = [...total.bySecond].sort(([one], [other]) => one - other);
  return seconds.map(([second, count]) => {
    const counted = Math.min(count, events.bySecond.get(second) ?? 0);
    return { bad: slo.sli.counts === 'bad' ? counted : count - counted, total: count };
  });
}

function scrapeSecondsOf(series: readonly Series[]): number | undefined {
  const gaps = series.flatMap(({ samples }) =>
    samples.slice(1).map(({ atMs }, index) => (atMs - (samples[index]?.atMs ?? 0)) / 1000),
  );
  return gaps.length === 0 ? undefined : Math.max(0.1, gaps.sort((one, other) => one - other)[gaps.length >> 1] ?? 0);
}
