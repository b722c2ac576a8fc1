import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { captureTelemetry } from '../testing/telemetry.ts';
import { CircuitBreaker, type Permit } from './circuit-breaker.ts';

const { metrics } = captureTelemetry();
let clock: FakeClock;
let breaker: CircuitBreaker;

beforeEach(() => {
  clock = new FakeClock();
  breaker = new CircuitBreaker({ clock, series: metrics.dependency('database') });
});

function fail(times: number): void {
  for (let n = 0; n < times; n += 1) breaker.failed(breaker.tryEnter());
}

function succeed(times: number): void {
  for (let n = 0; n < times; n += 1) breaker.succeeded(breaker.tryEnter());
}

describe('the circuit breaker', () => {
  it('opens at half of at least ten calls', () => {
    succeed(5);
    fail(4);
    expect(breaker.state).toBe('closed');
    fail(1);
    expect(breaker.state).toBe('open');
    expect(breaker.tryEnter()).toBe(0);
  });

  it('looks at the last twenty calls only', () => {
    succeed(100);
    fail(9);
    expect(breaker.state).toBe('closed');
    fail(1);
    expect(breaker.state).toBe('open');
  });

  it('stays closed below half, however long', () => {
    for (let n = 0; n < 100; n += 1) {
      succeed(2);
      fail(1);
    }
    expect(breaker.state).toBe('closed');
  });

  it('is not moved by calls that say nothing', () => {
    for (let n = 0; n < 100; n += 1) breaker.released(breaker.tryEnter());
    fail(9);
    expect(breaker.state).toBe('closed');
  });

  it('lets three calls through after 30 s, and closes when all three succeeded', () => {
    fail(10);
    clock.advance(29_999);
    expect(breaker.tryEnter()).toBe(0);
    clock.advance(1);
    expect(breaker.state).toBe('half-open');
    const trials = [breaker.tryEnter(), breaker.tryEnter(), breaker.tryEnter()];
    expect(trials.every((permit) => permit > 0)).toBe(true);
    expect(breaker.tryEnter()).toBe(0);
    for (const permit of trials.slice(1)) breaker.succeeded(permit);
    expect(breaker.state).toBe('half-open');
    breaker.succeeded(trials[0] as Permit);
    expect(breaker.state).toBe('closed');
    fail(9);
    expect(breaker.state).toBe('closed');
  });

  it('opens for another 30 s when one of the three fails', () => {
    fail(10);
    clock.advance(30_000);
    succeed(2);
    fail(1);
    expect(breaker.state).toBe('open');
    clock.advance(29_999);
    expect(breaker.state).toBe('open');
  });

  it('gives the place of a trial that says nothing to another', () => {
    fail(10);
    breaker.probeSucceeded();
    breaker.released(breaker.tryEnter());
    succeed(3);
    expect(breaker.state).toBe('closed');
  });

  it('is tried at once when the dependency answered a health check', () => {
    breaker.probeSucceeded();
    expect(breaker.state).toBe('closed');
    fail(10);
    breaker.probeSucceeded();
    expect(breaker.state).toBe('half-open');
    succeed(1);
    breaker.probeSucceeded();
    succeed(2);
    expect(breaker.state).toBe('closed');
  });

  it('does not heed how calls of an earlier state end', () => {
    const early = Array.from({ length: 6 }, () => breaker.tryEnter());
    fail(10);
    breaker.probeSucceeded();
    for (const permit of early.slice(3)) breaker.succeeded(permit);
    expect(breaker.state).toBe('half-open');
    for (const permit of early.slice(0, 3)) breaker.failed(permit);
    expect(breaker.state).toBe('half-open');
    for (const permit of early) breaker.released(permit);
    expect([1, 2, 3, 4].map(() => breaker.tryEnter() > 0)).toEqual([true, true, true, false]);
  });

  it('shows its state, and how often it opened', async () => {
    const shown = async () =>
      (await metrics.expose()).match(/^circuit_breaker_(state|opened_total)\{dependency="database"\} \d+$/gm);
    const before = Number((await shown())?.join().match(/opened_total\S* (\d+)/)?.[1]);
    fail(10);
    clock.advance(30_000);
    fail(1);
    expect(await shown()).toEqual([
      'circuit_breaker_state{dependency="database"} 2',
      `circuit_breaker_opened_total{dependency="database"} ${before + 2}`,
    ]);
    breaker.probeSucceeded();
    expect(await shown()).toContain('circuit_breaker_state{dependency="database"} 1');
    succeed(3);
    expect(await shown()).toContain('circuit_breaker_state{dependency="database"} 0');
  });
});

describe('without a circuit breaker', () => {
  const timeoutMs = 3_000;

  /** One caller after the other asks a dependency that hangs; what each waits. */
  function waits(guard: Pick<CircuitBreaker, 'tryEnter' | 'failed'>): readonly number[] {
    return Array.from({ length: 40 }, () => {
      const startedMs = clock.monotonicMs();
      const permit = guard.tryEnter();
      if (permit > 0) {
        clock.advance(timeoutMs);
        guard.failed(permit);
      }
      return clock.monotonicMs() - startedMs;
    });
  }

  it('each caller of a dependency that hangs waits for the whole timeout; with it only the first ten do', () => {
    expect(waits({ tryEnter: () => 1, failed: () => undefined })).toEqual(Array(40).fill(timeoutMs));
    expect(waits(breaker)).toEqual([...Array(10).fill(timeoutMs), ...Array(30).fill(0)]);
  });
});
