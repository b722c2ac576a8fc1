import { setImmediate, setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import { HeldSource, type Version } from '../../testing/held-source.ts';
import { storeRuntime } from '../../testing/store-choice.ts';
import { startValkey, type Valkey } from '../../testing/stores.ts';
import { startTcpProxy, type TcpProxy } from '../../testing/tcp-proxy.ts';
import { captureTelemetry } from '../../testing/telemetry.ts';
import type { Cache, CachedBody } from './cache.ts';
import { createCache } from './valkey-cache.ts';

let valkey: Valkey;

beforeAll(async () => {
  valkey = await startValkey(await storeRuntime());
});

afterAll(() => valkey[Symbol.asyncDispose]());

/** What is cached: a page that goes with its relation, one that is invalidated by its key, and a thing with versions. */
const subjects = ['page', 'single', 'item'] as const;
type Subject = (typeof subjects)[number];

type Who = 0 | 1;

/** What one process cannot tell the other: nothing, what the first one writes, or anything. */
type Unheard = 'nothing' | 'first' | 'all';

type Outage = 'cut one' | 'slow one' | 'refuse writes' | 'cut both' | 'restart' | 'freeze';

type Step =
  | { readonly do: 'read'; readonly who: Who; readonly subject: Subject; readonly held: boolean }
  | { readonly do: 'write' | 'delete'; readonly who: Who; readonly subject: Subject; readonly answered: boolean }
  | { readonly do: 'evict'; readonly key: string }
  | { readonly do: Outage; readonly during: readonly Step[] }
  | { readonly do: 'wait' | 'release' | 'settle' | 'database down' | 'database up' };

const who = fc.constantFrom<Who>(0, 1);
const subject = fc.constantFrom(...subjects);
const read = fc.record({ do: fc.constant('read' as const), who, subject, held: fc.boolean() });
const write = fc.record({
  do: fc.constantFrom('write' as const, 'delete' as const),
  who,
  subject,
  answered: fc.boolean(),
});
const calm = fc.oneof(
  { weight: 12, arbitrary: read },
  { weight: 6, arbitrary: write },
  { weight: 8, arbitrary: fc.constantFrom<Step>({ do: 'wait' }, { do: 'release' }, { do: 'settle' }) },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ do: 'database down' }, { do: 'database up' }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('evict' as const),
      key: fc.constantFrom('gen:data', 'gen:item:data', 'data:page'),
    }),
  },
);
const outage = fc.record({
  do: fc.constantFrom<Outage>('cut one', 'slow one', 'refuse writes', 'cut both', 'restart', 'freeze'),
  during: fc.array<Step>(calm, { minLength: 4, maxLength: 15 }),
});
const story = fc.array<Step>(fc.oneof({ weight: 15, arbitrary: calm }, { weight: 1, arbitrary: outage }), {
  minLength: 5,
  maxLength: 50,
});

it('gives nobody who reads after a write anything older, unless it is marked stale', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(story, async (steps) => {
      await using world = await World.create();
      await world.run(steps);
    }),
    { numRuns: 200 },
  );
});

/** Two processes with a cache each, a source whose loads can be held, and what each reader must not see any more. */
class World {
  readonly #source = new HeldSource<Subject>();
  readonly #proxies: readonly TcpProxy[];
  readonly #caches: readonly Cache[];
  readonly #floors = [new Map<Subject, number>(), new Map<Subject, number>()] as const;
  readonly #underWay = new Set<Promise<void>>();
  readonly #failures: unknown[] = [];
  #unheard: Unheard = 'nothing';
  #valkeyIsThere = true;

  private constructor(proxies: readonly TcpProxy[]) {
    const telemetry = captureTelemetry();
    this.#proxies = proxies;
    this.#caches = proxies.map(({ port }) =>
      createCache({ host: '127.0.0.1', port, clock: systemClock, ...telemetry }),
    );
  }

  static async create(): Promise<World> {
    await valkey.command('FLUSHALL');
    const world = new World([await startTcpProxy(valkey.port), await startTcpProxy(valkey.port)]);
    await world.#inTouch();
    // From here on both believe what is cached, and nothing is.
    for (const who of [0, 1] as const) for (const subject of subjects) await world.#read(who, subject, false);
    await valkey.command('DEL', 'data:page', 'data:single', 'data:id:item');
    return world;
  }

  /** @throws what the first read that saw something too old has to say */
  async run(steps: readonly Step[]): Promise<void> {
    await this.#take(steps);
    await this.#settle();
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#caches.map((cache) => cache.close()));
    await Promise.all(this.#proxies.map((proxy) => proxy[Symbol.asyncDispose]()));
  }

  async #take(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      await this.#step(step);
      await setImmediate();
    }
  }

  async #step(step: Step): Promise<void> {
    switch (step.do) {
      case 'read':
        void this.#begin(this.#read(step.who, step.subject, step.held));
        return;
      case 'write':
      case 'delete': {
        const written = this.#begin(
          this.#write(step.who, step.subject, step.do === 'delete' && step.subject === 'item'),
        );
        return step.answered ? written : undefined;
      }
      case 'release':
        return this.#source.release();
      case 'wait':
        await setTimeout(3);
        return;
      case 'settle':
        return this.#settle();
      case 'database down':
      case 'database up':
        this.#source.down = step.do === 'database down';
        return;
      case 'evict':
        if (this.#valkeyIsThere) await valkey.command('DEL', step.key);
        return;
      default:
        this.#valkeyIsThere = false;
        await this.#outages[step.do](step.during);
        await this.#inTouch();
        this.#valkeyIsThere = true;
    }
  }

  readonly #outages = {
    'cut one': async (during: readonly Step[]) => {
      this.#unheard = 'first';
      this.#proxies[0]?.cut();
      await this.#take(during);
      await this.#settle();
      this.#proxies[0]?.heal();
      await this.#catchUp();
    },
    'slow one': async (during: readonly Step[]) => {
      this.#unheard = 'first';
      this.#proxies[0]?.hold();
      await this.#take(during);
      this.#proxies[0]?.letGo();
      await this.#settle();
      await this.#catchUp();
    },
    'refuse writes': async (during: readonly Step[]) => {
      this.#unheard = 'all';
      await valkey.command('CONFIG', 'SET', 'maxmemory', '1');
      await this.#take(during);
      await this.#settle();
      await valkey.command('CONFIG', 'SET', 'maxmemory', '0');
      await this.#catchUp();
    },
    'cut both': async (during: readonly Step[]) => {
      for (const proxy of this.#proxies) proxy.cut();
      await this.#take(during);
      for (const proxy of this.#proxies) proxy.heal();
    },
    restart: async (during: readonly Step[]) => {
      await valkey.stop();
      await this.#take(during);
      await valkey.start();
    },
    freeze: async (during: readonly Step[]) => {
      await this.#settle();
      await valkey.freeze();
      await this.#take(during);
      await this.#settle();
      await valkey.thaw();
    },
  };

  async #read(reader: Who, subject: Subject, held: boolean): Promise<void> {
    const floor = this.#floors[reader].get(subject) ?? 0;
    const load = () => this.#source.load(subject, held);
    const seen = await readBody(this.#caches[reader] as Cache, subject, load).catch(ignoreDatabaseErrors);
    if (seen === 'nothing to see' || seen?.state === 'stale') return;
    const version = seen === undefined ? this.#source.lastDeletion(subject) : Number(seen.body);
    expect(version, `${subject} read by ${reader}: ${seen?.state}`).toBeGreaterThanOrEqual(floor);
  }

  async #write(writer: Who, subject: Subject, deletes: boolean): Promise<void> {
    const version = this.#source.commit(subject, deletes);
    const before = this.#unheard;
    await tell(this.#caches[writer] as Cache, subject, version, deletes);
    // Who cannot tell the other can only be right itself.
    const alone = [before, this.#unheard].some((unheard) => unheard === 'all' || (unheard === 'first' && writer === 0));
    this.#noLongerSees(alone ? [writer] : [0, 1], subject, version);
  }

  /** After a while in which they did not hear of each other, and as soon as all has been told once more. */
  async #catchUp(): Promise<void> {
    await this.#inTouch();
    this.#unheard = 'nothing';
    for (const cache of this.#caches)
      for (const relation of ['data', 'item:data']) await cache.invalidateRelation(relation);
    for (const subject of subjects) this.#noLongerSees([0, 1], subject, this.#source.latest(subject).version);
  }

  #noLongerSees(readers: readonly Who[], subject: Subject, version: number): void {
    for (const reader of readers) {
      this.#floors[reader].set(subject, Math.max(this.#floors[reader].get(subject) ?? 0, version));
    }
  }

  #begin(work: Promise<void>): Promise<void> {
    const tracked: Promise<void> = work
      .catch((error: unknown) => void this.#failures.push(error))
      .finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
    return tracked;
  }

  async #settle(): Promise<void> {
    while (this.#underWay.size > 0) {
      this.#source.release();
      await Promise.race([Promise.all(this.#underWay), setTimeout(5)]);
    }
  }

  async #inTouch(): Promise<void> {
    await Promise.all(this.#caches.map((cache) => vi.waitFor(() => cache.ping(), { timeout: 20_000, interval: 5 })));
  }
}

const page = (key: string) => ({ cache: 'data', relation: 'data', key });

async function readBody(cache: Cache, subject: Subject, load: () => Promise<Version>): Promise<CachedBody | undefined> {
  if (subject !== 'item') return cache.read(page(subject), async () => String((await load()).version));
  return cache.readItem('data', 'item', async () => {
    const { version, deleted } = await load();
    return deleted ? undefined : { version, body: String(version) };
  });
}

/** What a writer does before it answers. */
function tell(cache: Cache, subject: Subject, version: number, deleted: boolean): Promise<void> {
  if (subject === 'page') return cache.invalidateRelation('data');
  if (subject === 'single') return cache.invalidateKey(page(subject));
  if (deleted) return cache.writeDeleted('data', 'item', version);
  return cache.writeThrough('data', 'item', { version, body: String(version) });
}

function ignoreDatabaseErrors(error: unknown): 'nothing to see' {
  if (error instanceof AppError) return 'nothing to see';
  throw error;
}
