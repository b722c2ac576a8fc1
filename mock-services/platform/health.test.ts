import { describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { captureTelemetry } from '../testing/telemetry.ts';
import { Health } from './health.ts';

/** A dependency that can be switched off, or made to hang. */
class Switch {
  readonly name: string;
  readonly hard: boolean;
  state: 'up' | 'down' | 'hanging' = 'up';
  checks = 0;
  takesMs = 0;
  readonly #clock: FakeClock;

  constructor(name: string, hard: boolean, clock: FakeClock) {
    this.name = name;
    this.hard = hard;
    this.#clock = clock;
  }

  async check(): Promise<void> {
    this.checks += 1;
    if (this.state === 'down') throw new Error('down');
    if (this.state === 'hanging') await new Promise(() => undefined);
    if (this.takesMs > 0) await new Promise<void>((resolve) => void this.#clock.after(this.takesMs, resolve));
  }
}

async function setUp() {
  const clock = new FakeClock();
  const { logger, logLines } = captureTelemetry();
  const database = new Switch('database', true, clock);
  const cache = new Switch('cache', false, clock);
  const health = new Health({ clock, logger, dependencies: [database, cache], periodMs: 1_000, timeoutMs: 2_000 });
  const checked = async (ms: number) => {
    clock.advance(ms);
    // Lets the promises of the checks settle; no time passes on the clock.
    await new Promise(setImmediate);
  };
  return { health, database, cache, checked, logLines };
}

describe('health', () => {
  it('tells of one that was never there by the second check: the first comes before its connection', async () => {
    const { health, cache, checked, logLines } = await setUp();
    cache.state = 'down';
    void health.watch();
    await checked(0);
    expect(logLines).toEqual([]);
    await checked(1_000);
    expect(logLines).toMatchObject([{ msg: 'dependency lost', dependency: 'cache' }]);
  });

  it('tells once that a dependency is lost, and why, and once that it is back', async () => {
    const { health, database, cache, checked, logLines } = await setUp();
    void health.watch();
    await checked(0);
    expect(logLines).toEqual([]);
    cache.state = 'down';
    for (let second = 0; second < 5; second += 1) await checked(1_000);
    cache.state = 'up';
    database.state = 'hanging';
    for (let second = 0; second < 5; second += 1) await checked(1_000);
    expect(logLines).toMatchObject([
      { level: 'warn', msg: 'dependency lost', dependency: 'cache', error_message: 'down' },
      { level: 'info', msg: 'dependency back', dependency: 'cache' },
      { level: 'warn', msg: 'dependency lost', dependency: 'database', error_message: 'no answer within 2000 ms' },
    ]);
  });

  it('is ready once the service has started and the database answers', async () => {
    const { health, checked } = await setUp();
    void health.watch();
    await checked(0);
    expect(health).toMatchObject({ started: false, ready: false });
    health.markStarted();
    expect(health).toMatchObject({ started: true, ready: true, status: 'healthy' });
  });

  it('is not ready before the database was asked', async () => {
    const { health } = await setUp();
    health.markStarted();
    expect(health.ready).toBe(false);
    expect(health.dependencies).toEqual({ database: 'unknown', cache: 'unknown' });
  });

  it('is not ready while the database is down, and ready again when it is back', async () => {
    const { health, database, checked } = await setUp();
    health.markStarted();
    void health.watch();
    database.state = 'down';
    await checked(0);
    await checked(1_000);
    expect(health).toMatchObject({ ready: false, status: 'unhealthy', dependencies: { database: 'down' } });
    database.state = 'up';
    await checked(1_000);
    expect(health).toMatchObject({ ready: true, status: 'healthy' });
  });

  it('is degraded, but ready, while only the cache is down', async () => {
    const { health, cache, checked } = await setUp();
    cache.state = 'down';
    health.markStarted();
    void health.watch();
    await checked(0);
    expect(health).toMatchObject({ ready: true, status: 'degraded', dependencies: { database: 'up', cache: 'down' } });
  });

  it('knows how long an answer took, while there is one', async () => {
    const { health, database, checked } = await setUp();
    database.takesMs = 30;
    void health.watch();
    await checked(30);
    expect(health.latencyMs('database')).toBe(30);
    database.state = 'down';
    await checked(1_000);
    expect(health.latencyMs('database')).toBeNull();
  });

  it('counts a database that hangs as down after the timeout, and does not pile up questions', async () => {
    const { health, database, checked } = await setUp();
    health.markStarted();
    void health.watch();
    await checked(0);
    database.state = 'hanging';
    await checked(1_000);
    expect(health.ready).toBe(true);
    await checked(2_000);
    expect(health.ready).toBe(false);
    const { checks } = database;
    await checked(1_000);
    await checked(2_000);
    expect(database.checks).toBe(checks);
  });

  it('is not ready any more once it stops, and asks nobody any more', async () => {
    const { health, database, checked } = await setUp();
    health.markStarted();
    void health.watch();
    await checked(0);
    health.markStopping();
    expect(health).toMatchObject({ started: true, ready: false });
    await checked(1_000);
    const { checks } = database;
    await checked(1_000);
    expect(database.checks).toBe(checks);
    health.markStarted();
    expect(health.ready).toBe(false);
  });
});
