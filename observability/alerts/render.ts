import { dashboards } from '#catalog/dashboards.ts';
import { evaluationIntervalSeconds } from '#catalog/time-scale.ts';
import { formatDuration } from '#observability/prometheus/duration.ts';
import { dashboardUrl, type Links, runbookUrl } from '#observability/rules/links.ts';
import type { AlertRule } from '#observability/rules/rule.ts';
import { renderRuleFile } from '#observability/rules/rule-file.ts';
import type { Range, StackAlert } from './alert.ts';
import { answerAlerts } from './answers.ts';
import { queueAlerts } from './queues.ts';
import { saturationAlerts } from './saturation.ts';
import { specificationAlerts } from './specification.ts';
import { telemetryAlerts } from './telemetry.ts';
import { topologyAlerts } from './topology.ts';

const concerns = {
  specification: specificationAlerts,
  answers: answerAlerts,
  telemetry: telemetryAlerts,
  saturation: saturationAlerts,
  queues: queueAlerts,
  topology: topologyAlerts,
} as const;

/** A Prometheus rule file with one group for each concern; ranges and delays are divided by the time scale. */
export function renderAlerts(timeScale: number, links: Links = {}): string {
  const header = [
    `Generated from observability/alerts at time scale ${timeScale}; edit that and run: npm run generate`,
    'Texts name windows as they are in production; the ranges inside are divided by the time scale.',
  ];
  return renderRuleFile(
    header,
    Object.entries(concerns).map(([concern, alerts]) => ({
      name: `stack-${concern}`,
      intervalSeconds: evaluationIntervalSeconds(timeScale),
      rules: alerts.map((alert) => ruleOf(alert, timeScale, links)),
    })),
  );
}

function ruleOf(alert: StackAlert, timeScale: number, links: Links): AlertRule {
  const { name, severity, team, dashboard, summary, description } = alert;
  const range: Range = (seconds, { realSeconds } = { realSeconds: 0 }) =>
    formatDuration(Math.max(seconds / timeScale, realSeconds));
  return {
    alert: name,
    expr: alert.expr(range),
    ...(alert.forSeconds === undefined ? {} : { forSeconds: alert.forSeconds / timeScale }),
    ...(alert.keepFiringForSeconds === undefined
      ? {}
      : { keepFiringForSeconds: alert.keepFiringForSeconds / timeScale }),
    labels: { severity, team },
    annotations: {
      summary,
      description,
      runbook_url: runbookUrl(links, `docs/runbooks/${name}.md`),
      dashboard_url: dashboardUrl(links, dashboards[dashboard]),
    },
  };
}
