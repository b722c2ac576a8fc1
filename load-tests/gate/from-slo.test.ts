import { describe, expect, it } from 'vitest';
import type { Slo } from '#observability/rules/slo.ts';
import { objectiveOf } from './from-slo.ts';

describe('the objective of an SLO', () => {
  const edge = 'edge_http_requests_total';
  const duration = 'edge_http_request_duration_seconds';
  const slis: readonly (readonly [sli: Slo['sli'], bad: string])[] = [
    [{ counts: 'bad', events: [`${edge}{status=~"5.."}`], total: [edge] }, 'failed'],
    [
      { counts: 'good', events: [`${duration}_bucket{le="0.3"}`], total: [`${duration}_count`] },
      'took longer than 0.3 s',
    ],
    [{ counts: 'bad', events: ['of_servers_total'], total: ['all_total'] }, 'were bad'],
  ];
  it.each(slis)('says what is bad, and how much of it may be: %j %s', (sli, bad) => {
    expect(objectiveOf(slo(sli))).toEqual({ name: 'some-objective', bad, limit: 0.0005 });
  });
});

function slo(sli: Slo['sli']): Slo {
  return {
    name: 'some-objective',
    displayName: 'Some objective',
    description: '',
    service: 'backend',
    target: 0.9995,
    periodSeconds: 3600,
    groupBy: [],
    tiers: [],
    sli,
  };
}
