import { metrics } from '#catalog/signals.ts';
import { minute, type StackAlert } from './alert.ts';

/** What is wrong with answers that are no server errors. */
export const answerAlerts: readonly StackAlert[] = [
  {
    name: 'WrongAnswers',
    severity: 'critical',
    team: 'backend',
    dashboard: 'nginx',
    summary: '{{ $labels.upstream }} answers with 200 and something else than was asked for.',
    description:
      '{{ $value | humanizePercentage }} of the answers of {{ $labels.upstream }} that were checked are wrong.',
    forSeconds: minute,
    expr: (range) => {
      const rate = (result: string) =>
        `sum by (upstream) (rate(${metrics.edgeAnswersChecked}${result}[${range(5 * minute)}]))`;
      return `${rate('{result="wrong"}')} / ${rate('')} > 0.01`;
    },
  },
  {
    name: 'CredentialsRefused',
    severity: 'critical',
    team: 'backend',
    dashboard: 'backend',
    summary: 'More than one in five requests to the API is refused for who makes it.',
    description:
      '{{ $value | humanizePercentage }} of requests to the API were answered 401 or 403 in the last 5 minutes.',
    forSeconds: 2 * minute,
    // A few clients with a token that has expired are theirs to mend.
    expr: refused('401|403'),
  },
  {
    name: 'RequestsThrottled',
    severity: 'critical',
    team: 'platform',
    dashboard: 'nginx',
    summary: 'More than one in five requests to the API is refused as one too many.',
    description: '{{ $value | humanizePercentage }} of requests to the API were answered 429 in the last 5 minutes.',
    forSeconds: 2 * minute,
    // One client beyond its limit is what the limit is there for; so many requests are a flood, or a limit that is wrong.
    expr: refused('429'),
  },
];

/** One request a second is too little to say. */
function refused(statuses: string): StackAlert['expr'] {
  return (range) => {
    const rate = (status: string) =>
      `sum(rate(${metrics.edgeRequests}{route=~"/api/.*"${status}}[${range(5 * minute)}]))`;
    return `${rate(`,status=~"${statuses}"`)} / (${rate('')} > 1) > 0.2`;
  };
}
