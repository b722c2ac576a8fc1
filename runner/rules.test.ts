import { describe, expect, it } from 'vitest';
import { burnRateLimits } from './rules.ts';

const limits = await burnRateLimits(60);
const outage = { baselineRatio: 0, errorRatio: 0.5, historySeconds: 30 * 86_400, requestSeconds: 0 };
/** A scrape, two evaluations, and delivery. */
const pipeline = 1 + 2 * 0.5 + 0.5;

function detection(alert: string, conditions: Partial<typeof outage> = {}) {
  return limits.get(alert)?.detection({ ...outage, ...conditions });
}

describe('the limit of a page', () => {
  it('is the closed form, a scrape earlier at the earliest, and what tells people later at the latest', () => {
    const limit = detection('EdgeAvailabilityBurnRate');
    expect(limit?.seconds).toBeCloseTo((60 * 0.072) / 0.5, 9);
    expect(limit?.earliestSeconds).toBeCloseTo((59 * 0.072) / 0.5, 9);
    expect(limit?.latestSeconds).toBeCloseTo((60 * 0.072) / 0.5 + pipeline + 30 / 60, 9);
  });

  it('is later at the latest by what the slowest request takes, which is counted when it ends', () => {
    const [fast, slow] = [detection('EdgeLatencyBurnRate'), detection('EdgeLatencyBurnRate', { requestSeconds: 3 })];
    expect((slow?.latestSeconds ?? 0) - (fast?.latestSeconds ?? 0)).toBeCloseTo(3, 9);
    expect(slow).toMatchObject({ seconds: fast?.seconds, earliestSeconds: fast?.earliestSeconds });
    const reset = (requestSeconds: number) =>
      limits.get('EdgeLatencyBurnRate')?.reset({ ...outage, requestSeconds, faultSeconds: 12 })?.latestSeconds ?? 0;
    expect(reset(3) - reset(0)).toBeCloseTo(3, 9);
  });

  it('is that of its own objective', () => {
    expect(detection('EdgeLatencyBurnRate')?.seconds).toBeCloseTo((60 * 0.144) / 0.5, 9);
  });

  it('for its end waits for the group interval', () => {
    const limit = limits.get('EdgeAvailabilityBurnRate')?.reset({ ...outage, faultSeconds: 12 });
    expect(limit?.seconds).toBeCloseTo(5 * (1 - 0.072 / 0.5), 9);
    expect(limit?.latestSeconds).toBeCloseTo(5 * (1 - 0.072 / 0.5) + pipeline + 60 / 60, 9);
  });
});

describe('the limit of a ticket', () => {
  const tiles = 420 / 60;
  const groupWait = 300 / 60;

  it('is later by what its tiles are late', () => {
    const limit = detection('EdgeAvailabilityBurnRateTicket');
    expect(limit?.seconds).toBeCloseTo((24 * 60 * 0.015) / 0.5, 9);
    expect(limit?.latestSeconds).toBeCloseTo((24 * 60 * 0.015) / 0.5 + pipeline + tiles + groupWait, 9);
  });

  it('is not before its short window is recorded', () => {
    expect(detection('CacheEffectivenessBurnRateTicket', { historySeconds: 10 })?.seconds).toBeCloseTo(360 - 10, 9);
  });
});
