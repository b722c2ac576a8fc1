import type { Progress } from './progress.ts';

/** Where a player finds what the guide speaks of. */
export interface GuideLinks {
  readonly runbook: string | undefined;
  readonly dashboards: string;
  readonly prometheus: string;
}

/** What to do next, as somebody would say it who stands behind you. */
export function guidance(progress: Progress, { runbook, dashboards, prometheus }: GuideLinks): string {
  switch (progress.state) {
    case 'on-call':
      return 'You are on call. Users are being served; wait for the page, and look around meanwhile: firedrill status.';
    case 'paged':
      return `Take it, so that nobody else is called: firedrill ack ${progress.page.alert}`;
    case 'acknowledged':
      return [
        'Who is hurt, how much, since when? Then: which part of the way from edge to store is it?',
        `  dashboards: ${dashboards}`,
        `  alerts and queries: ${prometheus}`,
        ...(runbook === undefined ? [] : [`  runbook: ${runbook}`]),
        '  logs: firedrill logs <service>; stuck: firedrill hint; you know: firedrill answer (it lists the choices)',
      ].join('\n');
    case 'diagnosed':
      return 'End it. What is least risky and quickest to take back? restart, drain, rollback, reroute, flush, scale, replay, stop, start, or any tool you like.';
    case 'mitigated':
      return 'That is ended. Are users well? Watch the error ratio until it has stayed low: mitigated is not recovered.';
    case 'recovered':
      return 'Users are well. What was it? firedrill answer --component … --cause … (without options it lists the choices)';
    case 'over':
      return progress.how === 'done'
        ? 'It is over. What it was, and what that was worth, follows once all that was started anew serves again.'
        : 'It is over. What it was follows.';
  }
}
