import { z } from 'zod';

/** An alert as the one who is paged needs it. */
export interface Page {
  readonly severity: string;
  readonly alert: string;
}

/** What fires, and where it is written what to do about it. */
export function describePage({ severity, alert }: Page): string {
  return `${severity}: ${alert} fires; what to do: docs/runbooks/${alert}.md`;
}

const alertsSchema = z.array(z.object({ labels: z.record(z.string(), z.string()) }));

/** What Alertmanager takes to be firing now; undefined when it does not answer. */
export async function activePages(alertmanagerUrl: string): Promise<readonly Page[] | undefined> {
  try {
    const response = await fetch(`${alertmanagerUrl}/api/v2/alerts?active=true`, { signal: AbortSignal.timeout(2000) });
    const alerts = alertsSchema.parse(await response.json());
    return alerts.map(({ labels }) => ({ severity: labels.severity ?? 'none', alert: labels.alertname ?? '?' }));
  } catch {
    return undefined;
  }
}
