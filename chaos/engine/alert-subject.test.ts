import { expect, it } from 'vitest';
import { alertSubject } from './alert-subject.ts';

const slo = { sloth_id: 'backend-edge-latency', sloth_service: 'backend', sloth_slo: 'edge-latency' };

it.each([
  [
    'of a replica: that replica',
    { __name__: 'ALERTS', alertname: 'ServiceDown', severity: 'critical', team: 'backend', upstream: 'backend-2' },
    'backend-2',
  ],
  [
    'named after its SLO: nothing more',
    { alertname: 'EdgeLatencyBurnRate', severity: 'page', sloth_severity: 'page', ...slo },
    '',
  ],
  [
    'of a group of its SLO: that group',
    {
      alertname: 'ReplicaAvailabilityBurnRateTicket',
      sloth_severity: 'ticket',
      ...slo,
      sloth_slo: 'replica-availability',
      upstream: 'backend-1',
    },
    'backend-1',
  ],
  [
    'that every SLO has: the SLO',
    { alertname: 'SliNoData', alertstate: 'firing', severity: 'page', ...slo },
    'edge-latency',
  ],
  ['of a target: not its job', { alertname: 'TargetDown', job: 'loki', instance: 'loki' }, 'loki'],
  [
    'of two things: both',
    { alertname: 'CircuitBreakerOpen', instance: 'backend-1', dependency: 'cache' },
    'backend-1, cache',
  ],
])('an alert %s', (_title, labels, subject) => {
  expect(alertSubject(labels)).toBe(subject);
});
