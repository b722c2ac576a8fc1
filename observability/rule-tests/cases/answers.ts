import { metrics } from '#catalog/signals.ts';
import type { InputSeries, Phase, RuleTest } from '../rule-test.ts';
import { firingAt, series, silentAt } from '../series.ts';

const wrongAnswers: readonly RuleTest[] = [
  {
    name: 'fires for the replica of which 2 % are wrong, and for no other',
    alert: 'WrongAnswers',
    input: [...checked('backend-1', [900, 98, 2]), ...checked('backend-2', [900, 100, 0])],
    checks: [
      firingAt(900, {
        labels: { upstream: 'backend-1' },
        description: '2% of the answers of backend-1 that were checked are wrong.',
      }),
    ],
  },
  {
    name: 'fires when it has been so for a minute, and not before',
    alert: 'WrongAnswers',
    input: checked('backend-1', [600, 10, 0], [600, 0, 10]),
    checks: [
      silentAt(600),
      silentAt(690),
      firingAt(750, { labels: { upstream: 'backend-1' } }),
      firingAt(1200, {
        labels: { upstream: 'backend-1' },
        description: '100% of the answers of backend-1 that were checked are wrong.',
      }),
    ],
  },
  {
    name: 'stays silent when one in two hundred is wrong',
    alert: 'WrongAnswers',
    input: checked('backend-1', [900, 199, 1]),
    checks: [silentAt(900)],
  },
  {
    name: 'stays silent when exactly one in a hundred is wrong, or eight in a thousand',
    alert: 'WrongAnswers',
    input: [...checked('backend-1', [900, 99, 1]), ...checked('backend-2', [900, 992, 8])],
    checks: [silentAt(900)],
  },
  {
    name: 'stays silent when nothing can be checked, and ends when it is right again',
    alert: 'WrongAnswers',
    input: [...checked('backend-1', [900, 0, 0]), ...checked('backend-2', [300, 0, 10], [600, 10, 0])],
    checks: [silentAt(900)],
  },
];

const credentialsRefused: readonly RuleTest[] = [
  {
    name: 'fires when a quarter of the API is refused',
    alert: 'CredentialsRefused',
    input: answered([900, 75, 15, 10]),
    checks: [
      firingAt(900, {
        labels: {},
        description: '25% of requests to the API were answered 401 or 403 in the last 5 minutes.',
      }),
    ],
  },
  {
    name: 'fires when all are refused for 2m, and not before',
    alert: 'CredentialsRefused',
    input: answered([600, 100, 0, 0], [600, 0, 100, 0]),
    checks: [
      silentAt(720),
      firingAt(840, { labels: {} }),
      firingAt(1200, {
        labels: {},
        description: '100% of requests to the API were answered 401 or 403 in the last 5 minutes.',
      }),
    ],
  },
  {
    name: 'stays silent when less than a fifth is refused',
    alert: 'CredentialsRefused',
    input: answered([900, 81, 10, 9]),
    checks: [silentAt(900)],
  },
  {
    name: 'stays silent when exactly a fifth is refused',
    alert: 'CredentialsRefused',
    input: answered([900, 80, 10, 10]),
    checks: [silentAt(900)],
  },
  {
    name: 'fires when few ask and all are refused',
    alert: 'CredentialsRefused',
    input: answered([900, 0, 2, 0]),
    checks: [firingAt(900, { labels: {} })],
  },
  {
    name: 'stays silent when exactly one a second asks and is refused',
    alert: 'CredentialsRefused',
    input: answered([900, 0, 1, 0]),
    checks: [silentAt(900)],
  },
  {
    name: 'stays silent when next to nobody asks',
    alert: 'CredentialsRefused',
    input: answered(
      ...Array.from({ length: 15 }, (_, minute): [number, number, number, number] => [60, 0, minute % 2, 0]),
    ),
    checks: [silentAt(900)],
  },
];

const requestsThrottled: readonly RuleTest[] = [
  {
    name: 'fires when a quarter of the API is refused as too much',
    alert: 'RequestsThrottled',
    input: answered([900, 75, 0, 0, 25]),
    checks: [
      firingAt(900, {
        labels: {},
        description: '25% of requests to the API were answered 429 in the last 5 minutes.',
      }),
    ],
  },
  {
    name: 'fires when all are refused for 2m, and not before',
    alert: 'RequestsThrottled',
    input: answered([600, 100, 0, 0, 0], [600, 0, 0, 0, 100]),
    checks: [
      silentAt(720),
      firingAt(840, { labels: {} }),
      firingAt(1200, {
        labels: {},
        description: '100% of requests to the API were answered 429 in the last 5 minutes.',
      }),
    ],
  },
  {
    name: 'stays silent when less than a fifth is too much, whatever else is refused',
    alert: 'RequestsThrottled',
    input: answered([900, 52, 15, 15, 18]),
    checks: [silentAt(900)],
  },
  {
    name: 'stays silent when exactly a fifth is too much',
    alert: 'RequestsThrottled',
    input: answered([900, 80, 0, 0, 20]),
    checks: [silentAt(900)],
  },
  {
    name: 'fires when few ask and all are too much',
    alert: 'RequestsThrottled',
    input: answered([900, 0, 0, 0, 2]),
    checks: [firingAt(900, { labels: {} })],
  },
  {
    name: 'stays silent when exactly one a second asks too much',
    alert: 'RequestsThrottled',
    input: answered([900, 0, 0, 0, 1]),
    checks: [silentAt(900)],
  },
];

export const answerTests: readonly RuleTest[] = [...wrongAnswers, ...credentialsRefused, ...requestsThrottled];

/** Phases of seconds, right and wrong answers a second. */
function checked(upstream: string, ...phases: readonly [number, number, number][]): readonly InputSeries[] {
  const of = (result: string, at: 1 | 2) =>
    series(
      metrics.edgeAnswersChecked,
      { job: 'nginx', instance: 'nginx', upstream, result },
      ...phases.map((phase): Phase => ({ seconds: phase[0], perSecond: phase[at] })),
    );
  return [of('right', 1), of('wrong', 2)];
}

/** Phases of seconds, and of answers a second with 200, 401, 403 and 429. */
function answered(...phases: readonly [number, number, number, number, number?][]): readonly InputSeries[] {
  return (['200', '401', '403', '429'] as const).map((status, at) =>
    series(
      metrics.edgeRequests,
      { job: 'nginx', instance: 'nginx', method: 'GET', route: '/api/backend/users', status, upstream: 'backend-1' },
      ...phases.map((phase): Phase => ({ seconds: phase[0], perSecond: phase[at + 1] ?? 0 })),
    ),
  );
}
