import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { captureTelemetry } from '../../testing/telemetry.ts';
import { databaseError } from './errors.ts';
import { type Attempt, PostgresGuard } from './guard.ts';

describe('what waits for its turn at the database', () => {
  it('is refused without being sent once the breaker has opened', async () => {
    const guard = new PostgresGuard({
      clock: new FakeClock(),
      series: captureTelemetry().metrics.dependency('database'),
    });
    const hung = Promise.withResolvers<void>();
    let sent = 0;
    const run = async (attempt: Attempt) => {
      sent += 1;
      await hung.promise;
      attempt.failure = new Error('Query read timeout');
      throw databaseError(attempt.failure);
    };
    const calls = Array.from({ length: 50 }, () => guard.run({ idempotent: true, run }));
    expect(guard.state.bulkhead).toEqual({ active: 10, waiting: 40 });
    hung.resolve();
    const codes = (await Promise.allSettled(calls)).map((call) => call.status === 'rejected' && call.reason.code);
    expect(guard.state).toMatchObject({ breaker: 'open', bulkhead: { active: 0, waiting: 0 } });
    expect(sent).toBeLessThan(20);
    expect(codes.filter((code) => code === 'TIMEOUT')).toHaveLength(sent);
    expect(codes.filter((code) => code === 'SERVICE_UNAVAILABLE')).toHaveLength(50 - sent);
  });
});
