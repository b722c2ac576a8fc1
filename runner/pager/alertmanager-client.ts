import { z } from 'zod';

/** An alert that Alertmanager takes to be firing. */
export interface FiringAlert {
  readonly fingerprint: string;
  readonly startsAtMs: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Empty when it names none. */
  readonly runbook: string;
  /** Why nobody is told of it: ids of silences, fingerprints of alerts. */
  readonly silencedBy: readonly string[];
  readonly inhibitedBy: readonly string[];
}

/** @throws Error when Alertmanager does not answer, or not as its interface says. */
export async function firingAlerts(url: string, signal?: AbortSignal): Promise<readonly FiringAlert[]> {
  const alerts = alertsSchema.parse(await ask(`${url}/api/v2/alerts`, signal));
  return alerts.map(({ fingerprint, startsAt, labels, annotations, status }) => ({
    fingerprint,
    startsAtMs: Date.parse(startsAt),
    labels,
    runbook: annotations.runbook_url ?? '',
    ...status,
  }));
}

const words = z.record(z.string(), z.string());

/** @source https://github.com/prometheus/alertmanager/blob/v0.31.1/api/v2/openapi.yaml */
const alertsSchema = z.array(
  z.object({
    fingerprint: z.string(),
    startsAt: z.iso.datetime({ offset: true }),
    labels: words,
    annotations: words,
    status: z.object({ silencedBy: z.array(z.string()), inhibitedBy: z.array(z.string()) }),
  }),
);

async function ask(url: string, signal?: AbortSignal): Promise<unknown> {
  const patience = AbortSignal.timeout(2000);
  const response = await fetch(url, { signal: signal ? AbortSignal.any([signal, patience]) : patience });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return await response.json();
}
