import { alertMapping, alertStates, budgetThresholds, burning, failedRequests } from './common-panels.ts';
import type { DashboardSpec } from './dashboard.ts';
import { burnRates, periodDays } from './limits.ts';
import { dashboardLink, logsLink, tracesLink } from './links.ts';
import { everything, type Panel } from './panel.ts';
import { stat, stateTimeline, timeSeries } from './panels.ts';
import { orZero, selector } from './queries.ts';
import { table } from './table.ts';
import { units } from './units.ts';
import { labelVariable } from './variables.ts';

/** Recorded series of the chosen objective; with groups, one for each. */
const slo = (metric: string): string => selector(metric, 'sloth_service="$service"', 'sloth_slo="$slo"');
const perBudget = (ratio: string): string =>
  `${slo(ratio)}\n/ on (sloth_id) group_left ()\n${slo('slo:error_budget:ratio')}`;
/** Names the group where there is one. */
const group = '{{sloth_slo}} {{upstream}}';

export const slos: DashboardSpec = {
  name: 'slo',
  title: 'SLOs and error budgets',
  description:
    "What is promised, what is left of the error budget, how fast it burns, and why an alert fires or does not. Works for every objective with Sloth's rules.",
  variables: [
    labelVariable({
      name: 'service',
      label: 'Service',
      series: 'slo:objective:ratio',
      of: 'sloth_service',
      first: 'backend',
      single: true,
    }),
    labelVariable({
      name: 'slo',
      label: 'Objective',
      series: 'slo:objective:ratio{sloth_service="$service"}',
      of: 'sloth_slo',
      first: 'edge-availability',
      single: true,
    }),
  ],
  links: [
    logsLink('Logs: warnings and errors', '{service_name=~".+", level=~"warn|error|fatal"}'),
    tracesLink('Traces: failed', ...failedRequests),
  ],
  from: 'now-1h',
  rows: [
    {
      title: 'Every objective',
      panels: [
        table({
          title: 'Objectives, the worst off first',
          description:
            'A click on an objective shows it below. With groups, such as replicas, the one that is worst off.',
          unit: units.count,
          height: 7,
          sortedBy: 'Budget left',
          ascending: true,
          queries: [
            'min by (sloth_service, sloth_slo) (slo:objective:ratio)',
            'min by (sloth_service, sloth_slo) (slo:period_error_budget_remaining:ratio)',
            'max by (sloth_service, sloth_slo) (slo:current_burn_rate:ratio)',
            'max by (sloth_service, sloth_slo) (slo:period_burn_rate:ratio)',
            'max by (sloth_service, sloth_slo) (slo:time_period:days)',
          ].map((expr) => ({ expr, format: 'table' as const, instant: true as const })),
          columns: [
            { from: 'sloth_service', title: 'Service' },
            {
              from: 'sloth_slo',
              title: 'Objective',
              links: [dashboardLink('Show it', 'slo', 'var-service=${__data.fields.Service}&var-slo=${__value.raw}')],
            },
            { from: 'A', title: 'Target', unit: units.share },
            { from: 'E', title: 'Days', width: 80 },
            { from: 'B', title: 'Budget left', unit: units.share, thresholds: budgetThresholds },
            { from: 'C', title: 'Burn rate now', unit: units.factor, thresholds: burning },
            { from: 'D', title: 'Burn rate of the period', unit: units.factor, thresholds: burning },
          ],
        }),
      ],
    },
    {
      title: '$slo',
      panels: [
        stat({
          title: 'Target',
          description: 'Share of the events that must be good over the period.',
          unit: units.share,
          decimals: 2,
          plain: true,
          queries: [{ expr: `min(${slo('slo:objective:ratio')})`, legend: 'target' }],
        }),
        stat({
          title: 'Kept in this period',
          description: 'Share of the events that were good, each event counting once: of the group that is worst off.',
          unit: units.share,
          decimals: 3,
          queries: [
            {
              expr: `1 - max(${slo('slo:period_burn_rate:ratio')} * on (sloth_id) group_left () ${slo('slo:error_budget:ratio')})`,
              legend: 'kept',
            },
          ],
        }),
        stat({
          title: 'Budget left',
          description: 'Below 0 the objective is missed for this period.',
          unit: units.share,
          decimals: 1,
          thresholds: budgetThresholds,
          queries: [{ expr: `min(${slo('slo:period_error_budget_remaining:ratio')})`, legend: 'left' }],
        }),
        stat({
          title: 'Burn rate now',
          description: 'Over the shortest window. At 1× the budget lasts exactly for the period.',
          unit: units.factor,
          decimals: 1,
          thresholds: burning,
          queries: [{ expr: `max(${slo('slo:current_burn_rate:ratio')})`, legend: 'burn rate' }],
        }),
        stat({
          title: 'At this rate it lasts',
          description:
            "Until the budget is gone if it goes on like this, at most the period. In production's time: a drill at time scale 60 is sixty times faster.",
          unit: units.duration,
          plain: true,
          thresholds: [
            { from: everything, color: 'red' },
            { from: 2 * 86_400, color: 'orange' },
            { from: 10 * 86_400, color: 'green' },
          ],
          queries: [
            {
              expr: `min(\n  clamp_min(${slo('slo:period_error_budget_remaining:ratio')}, 0)\n  / ignoring (sloth_window) clamp_min(${slo('slo:current_burn_rate:ratio')}, 1)\n  * on (sloth_id) group_left () ${slo('slo:time_period:days')} * 86400\n)`,
              legend: 'lasts',
            },
          ],
        }),
        stat({
          title: 'Alerts of it that fire',
          description: 'Pages and tickets of this objective.',
          unit: units.count,
          plain: true,
          thresholds: [{ from: 1, color: 'red' }],
          links: [dashboardLink('All alerts', 'alerts')],
          queries: [
            { expr: orZero(`count(${selector('ALERTS', 'alertstate="firing"', 'sloth_slo="$slo"')})`), legend: 'fire' },
          ],
        }),
        timeSeries({
          title: 'Budget left',
          description: 'Of the period that ends at each moment. It comes back as bad events leave the period.',
          unit: units.share,
          signed: true,
          max: 1,
          thresholds: [
            { from: everything, color: 'red' },
            { from: 0, color: 'green' },
          ],
          queries: [{ expr: slo('slo:period_error_budget_remaining:ratio'), legend: group }],
        }),
        timeSeries({
          title: 'Bad events',
          description: 'Share of the events that were bad over the shortest window, and the share that is allowed.',
          unit: units.share,
          colors: { '/allowed/': 'red' },
          queries: [
            { expr: slo('slo:sli_error:ratio_rate5m'), legend: group },
            { expr: `max(${slo('slo:error_budget:ratio')})`, legend: 'allowed' },
          ],
        }),
        stateTimeline({
          title: 'Alerts of this objective',
          description: 'Quiet, about to fire, firing.',
          unit: units.state,
          width: 24,
          height: 5,
          mappings: [alertMapping],
          queries: [{ expr: alertStates('sloth_slo="$slo"'), legend: '{{alertname}}' }],
        }),
      ],
    },
    {
      title: 'Why it fires: an alert needs both of its windows above the line',
      panels: burnRates.map(windowPair),
    },
  ],
};

/** Both windows of a pair against its factor. An objective without this pair leaves the panel with its line alone. */
function windowPair({ severity, long, short, factor }: (typeof burnRates)[number]): Panel {
  const color = severity === 'page' ? 'red' : 'orange';
  return timeSeries({
    title: `${severity === 'page' ? 'Page' : 'Ticket'}: ${long} and ${short}`,
    description: `Burn rates over ${long} and ${short}. At ${factor}× the budget of ${periodDays} days is gone in ${Math.round(periodDays / factor)} days. The long window says that it matters, the short one that it goes on.`,
    unit: units.factor,
    thresholds: [{ from: factor, color }],
    colors: { '/needed/': color },
    queries: [
      { expr: perBudget(`slo:sli_error:ratio_rate${long}`), legend: `{{upstream}} ${long}` },
      { expr: perBudget(`slo:sli_error:ratio_rate${short}`), legend: `{{upstream}} ${short}` },
      { expr: `vector(${factor})`, legend: 'needed' },
    ],
  });
}
