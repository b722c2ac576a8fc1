import type { Metrics } from '#observability/sdk/metrics/metrics.ts';
import type { CacheSeries } from '#observability/sdk/metrics/stores.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError, type ErrorCode } from '../../platform/errors.ts';
import { currentFailureMode } from '../../platform/failure-mode.ts';
import { memoised } from '../../platform/memoised.ts';
import type { Slot } from '../../platform/slot.ts';
import type { CachedBody, CacheEntry, VersionedBody } from './cache.ts';
import type { Generation } from './generation.ts';
import { itemKey, itemRelation, pageKey, staleKey, staleSeconds, timeToLiveSeconds } from './keys.ts';
import { ageSeconds, belongsTo, bodyOf, hasBody, headerOf, newToken, stamp, versionOf } from './record.ts';
import type { ReadSeam } from './seam.ts';
import { SingleFlight } from './single-flight.ts';
import type { Valkey } from './valkey.ts';

export interface ReaderDeps {
  readonly valkey: Valkey;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly seam: Slot<ReadSeam>;
  generationOf(relation: string): Generation;
}

/** What is read: where it is kept, and how it is got when it is not. */
interface Target {
  readonly cache: string;
  readonly key: string;
  readonly generation: Generation;
  readonly series: CacheSeries;
  load(): Promise<VersionedBody | undefined>;
}

/** What was seen of a key before a load; what was loaded is kept only if it is still so. */
interface Place {
  readonly token: Buffer;
  readonly header: Buffer;
}

/** The token of the generation, and the copy. */
type Found = readonly [Buffer | null, Buffer | null];

type Result = CachedBody | undefined;

/** Reads through the cache: a hit, or one load for all who miss together, or an old copy where the source is down. */
export class Reader {
  readonly #deps: ReaderDeps;
  readonly #seriesOf: (cache: string) => CacheSeries;
  readonly #flights: SingleFlight<Result>;

  constructor(deps: ReaderDeps) {
    this.#deps = deps;
    this.#seriesOf = memoised((cache) => deps.metrics.cache(cache));
    this.#flights = new SingleFlight(deps.clock);
  }

  async page(entry: CacheEntry, load: () => Promise<string>): Promise<CachedBody> {
    const key = pageKey(entry);
    const generation = this.#deps.generationOf(entry.relation);
    const series = this.#seriesOf(entry.cache);
    const versioned = async () => ({ version: 0, body: await load() });
    const target = { cache: entry.cache, key, generation, series, load: versioned };
    const found = await this.#find(key, generation);
    return this.#given(target, this.#hit(target, found) || (await this.#miss(target, found))) as CachedBody;
  }

  async item(cache: string, id: string, load: () => Promise<VersionedBody | undefined>): Promise<Result> {
    const key = itemKey(cache, id);
    const generation = this.#deps.generationOf(itemRelation(cache));
    const series = this.#seriesOf(cache);
    const target = { cache, key, generation, series, load };
    const found = await this.#find(key, generation);
    const hit = this.#hit(target, found);
    return this.#given(target, hit === undefined ? await this.#miss(target, found) : (hit ?? undefined));
  }

  async bypass(entry: CacheEntry, load: () => Promise<string>): Promise<CachedBody> {
    const mode = currentFailureMode();
    try {
      return { body: Buffer.from(await load()), state: 'bypass' };
    } catch (error) {
      if (mode !== undefined) throw error;
      const copy = await this.#staleCopy(pageKey(entry), error);
      this.#seriesOf(entry.cache).stale();
      return copy;
    }
  }

  /** Generation and copy, asked together; undefined when the cache cannot be asked. One promise: each costs. */
  #find(key: string, generation: Generation): Promise<Found | undefined> {
    if (!generation.trusted)
      return generation.trust().then((trusted) => (trusted ? this.#ask(key, generation) : undefined));
    return this.#ask(key, generation);
  }

  #ask(key: string, generation: Generation): Promise<Found | undefined> {
    return this.#deps.valkey.ask('MGET', (client) => client.mgetBuffer(generation.key, key)) as Promise<
      Found | undefined
    >;
  }

  /** The copy if it is of the generation: null if it says that there is nothing. */
  #hit({ cache, series }: Target, found: Found | undefined): CachedBody | null | undefined {
    if (found === undefined) series.failed();
    // Asked here in any case: a request that fails by itself fails whatever the cache holds.
    if (currentFailureMode() !== undefined || found === undefined) return undefined;
    if (this.#deps.seam.current?.overlooks?.(cache)) return undefined;
    const [token, record] = found;
    if (token === null || record === null || !belongsTo(record, token)) return undefined;
    series.hit();
    if (!hasBody(record)) return null;
    return { body: bodyOf(record), state: 'hit', ageSeconds: ageSeconds(record, this.#deps.clock.epochMs()) };
  }

  async #miss(target: Target, found: Found | undefined): Promise<Result> {
    target.series.miss();
    if (currentFailureMode() !== undefined) return missed(await target.load(), false);
    const place = found && (await this.#placeOf(target.generation, found));
    const load = () => this.#load(target, place);
    const result = await this.#share(target.key, place, load);
    if (result?.state === 'stale') target.series.stale();
    return result;
  }

  /** Who saw the same generation and copy may share: a write between their reads would have changed one of these. */
  #share(key: string, place: Place | undefined, load: () => Promise<Result>): Promise<Result> {
    if (this.#deps.seam.current?.loadsAlone?.()) return load();
    if (place === undefined) return this.#flights.joinNext(key, load);
    return this.#flights.join(`${key} ${place.token.toString('latin1')}${place.header.toString('latin1')}`, load);
  }

  #given({ cache, key }: Target, result: Result): Result {
    const { current } = this.#deps.seam;
    if (current === null || result === undefined) return result;
    return { ...result, body: current.gives?.(cache, key, result.body) ?? result.body };
  }

  /** Begins a generation where Valkey has lost the token. */
  async #placeOf({ key }: Generation, [token, record]: Found): Promise<Place | undefined> {
    const header = headerOf(record);
    if (token !== null) return { token, header };
    const made = newToken();
    const there = await this.#deps.valkey.ask('SET', (client) => client.set(key, made, 'NX', 'GET'));
    return there === undefined ? undefined : { token: Buffer.from(there ?? made, 'latin1'), header };
  }

  async #load(target: Target, place: Place | undefined): Promise<Result> {
    let loaded: VersionedBody | undefined;
    try {
      loaded = await target.load();
    } catch (error) {
      return this.#staleCopy(target.key, error);
    }
    const result = missed(loaded, place !== undefined);
    // The caller does not wait for this: it has what it came for.
    if (place !== undefined) void this.#keep(target, place, loaded?.version ?? versionOf(place.header), result?.body);
    return result;
  }

  async #keep({ key, series }: Target, place: Place, version: number, body: Buffer | undefined): Promise<void> {
    const header = stamp(body === undefined ? 'T' : 'B', version, this.#deps.clock.epochMs());
    const record = Buffer.concat([place.token, header, body ?? place.token.subarray(0, 0)]);
    const limits = [timeToLiveSeconds, staleSeconds] as const;
    const kept = await this.#deps.valkey.ask('EVALSHA', (client) =>
      client.keepLoaded(key, staleKey(key), place.header, record, ...limits),
    );
    if (kept === undefined) series.failed();
  }

  /** @throws the error of the load, where an old copy cannot stand in */
  async #staleCopy(key: string, error: unknown): Promise<CachedBody> {
    if (!(error instanceof AppError) || !sourceFailures.has(error.code)) throw error;
    const copy = await this.#deps.valkey.ask('GET', (client) => client.getBuffer(staleKey(key)));
    if (!copy) throw error;
    return { body: bodyOf(copy), state: 'stale', ageSeconds: ageSeconds(copy, this.#deps.clock.epochMs()) };
  }
}

function missed(loaded: VersionedBody | undefined, stored: boolean): Result {
  return loaded && { body: Buffer.from(loaded.body), state: 'miss', stored };
}

/** The errors that say that the source could not be asked, not that it has no answer. */
const sourceFailures: ReadonlySet<ErrorCode> = new Set(['DATABASE_ERROR', 'SERVICE_UNAVAILABLE', 'TIMEOUT']);
