import { describe, expect, it } from 'vitest';
import type { Slo } from '#observability/rules/slo.ts';
import { type Answered, covers, isBad } from './objective.ts';
import { clientObjective } from './thresholds.ts';

const requests = 'edge_http_requests_total';
const duration = 'edge_http_request_duration_seconds';

describe('an objective of availability', () => {
  const objective = objectiveOf({
    counts: 'bad',
    events: [`${requests}{method=~"POST|PUT",route=~"/api/.*",status=~"5.."}`],
    total: [`${requests}{method=~"POST|PUT",route=~"/api/.*"}`],
  });

  it('allows what its target leaves, without the noise of binary fractions', () => {
    expect(objective?.allowedBadRatio).toBe(0.005);
  });

  it('speaks of the requests that the SLO counts, and of no others', () => {
    const covered = [
      ['POST', '/api/backend/data'],
      ['GET', '/api/backend/data'],
      ['POST', '/health'],
      ['POSTS', '/api/backend/data'],
      ['POST', '/old/api/backend/data'],
    ].map(([method = '', route = '']) => objective && covers(objective, { method, route, status: 200 }));
    expect(covered).toEqual([true, false, false, false, false]);
  });

  it.each([
    [200, false],
    [404, false],
    [429, false],
    [500, true],
    [504, true],
    [0, true],
  ])('takes the status %i for bad: %s', (status, bad) => {
    expect(objective && isBad(objective, answered({ status }))).toBe(bad);
  });
});

describe('an objective that counts good answers', () => {
  it('takes all others for bad, and no answer too', () => {
    const objective = objectiveOf({
      counts: 'good',
      events: [`${requests}{status=~"2..|3..", route!="/x", method!~"HEAD"}`],
      total: [requests],
    });
    const bad = [200, 302, 400, 500, 0].map((status) => objective && isBad(objective, answered({ status })));
    expect(bad).toEqual([false, false, true, true, true]);
    expect(objective && isBad(objective, answered({ route: '/x' }))).toBe(true);
    expect(objective && isBad(objective, answered({ method: 'HEAD' }))).toBe(true);
  });
});

describe('an objective that leaves out some answers', () => {
  it('speaks of all others, and of requests without one', () => {
    const objective = objectiveOf({
      counts: 'bad',
      events: [`${requests}{status="500"}`],
      total: [`${requests}{status=~"2..|5.."}`],
    });
    const covered = [200, 404, 500, 0].map(
      (status) => objective && covers(objective, { method: 'GET', route: '/', status }),
    );
    expect(covered).toEqual([true, false, true, true]);
  });
});

describe('an objective of latency', () => {
  const objective = objectiveOf({
    counts: 'good',
    events: [`${duration}_bucket{le="0.3",route!="/slow"}`],
    total: [`${duration}_count{route!="/slow"}`],
  });

  it('takes what is answered later than the edge of the bucket for bad, whatever the answer', () => {
    const bad = [0.3, 0.301].map((durationSeconds) => objective && isBad(objective, answered({ durationSeconds })));
    expect(bad).toEqual([false, true]);
    expect(objective && isBad(objective, answered({ status: 500, durationSeconds: 0.1 }))).toBe(false);
  });

  it('takes no answer for bad, however soon it was clear that there is none', () => {
    expect(objective && isBad(objective, answered({ status: 0, durationSeconds: 0 }))).toBe(true);
  });

  it('leaves out the route that the SLO leaves out', () => {
    expect(objective && covers(objective, { method: 'GET', route: '/slow', status: 200 })).toBe(false);
  });
});

it.each<[string, Slo['sli']]>([
  ['of one replica', { counts: 'bad', events: [`${requests}{upstream="a"}`], total: [`${requests}{upstream="a"}`] }],
  ['of other counters', { counts: 'bad', events: ['cache_misses_total'], total: ['cache_reads_total'] }],
  ['of several counters', { counts: 'bad', events: [requests, requests], total: [requests] }],
  ['of several totals', { counts: 'bad', events: [requests], total: [requests, requests] }],
  ['of requests and something else', { counts: 'bad', events: [requests], total: ['others_total'] }],
  ['of times and something else', { counts: 'good', events: [`${duration}_bucket{le="0.3"}`], total: [requests] }],
  ['of slow answers', { counts: 'bad', events: [`${duration}_bucket{le="0.3"}`], total: [`${duration}_count`] }],
  ['of no bucket', { counts: 'good', events: [`${duration}_bucket`], total: [`${duration}_count`] }],
  ['of what cannot be read', { counts: 'bad', events: [`${requests}{status=~'5..'}`], total: [requests] }],
])('an objective %s is nothing that a client can tell', (_of, sli) => {
  expect(objectiveOf(sli)).toBeUndefined();
});

function answered(change: Partial<Answered>): Answered {
  return { method: 'POST', route: '/api/backend/data', status: 200, durationSeconds: 0.01, ...change };
}

function objectiveOf(sli: Slo['sli']) {
  return clientObjective({
    name: 'some-objective',
    displayName: 'Some objective',
    description: '',
    service: 'backend',
    target: 0.995,
    periodSeconds: 3600,
    groupBy: [],
    tiers: [],
    sli,
  });
}
