import type { z } from 'zod';
import { severities } from '#catalog/alerting.ts';
import type { Ports } from '#catalog/ports.ts';
import { distinguishingLabels } from '#chaos/engine/alert-subject.ts';
import { type FiringAlert, firingAlerts } from '../pager/alertmanager-client.ts';
import { incidentsSchema } from '../pager/api.ts';
import { askJson } from '../pager/ask.ts';
import type { Page as ToldPage } from '../pager/pager.ts';
import { paint } from '../terminal.ts';

/** An alert as the one who is paged needs it. */
export interface Page {
  readonly severity: string;
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly runbook: string;
}

/** What `status` says about an alert that fires. */
export interface ActivePage extends Page {
  readonly startsAtMs: number;
  /** Who was told; nobody yet, or nobody because it is muted. */
  readonly receivers: readonly string[];
  readonly mutedBy?: 'silence' | 'inhibition';
  /** The alerts that say it already, named as a person does. */
  readonly inhibitedBy?: readonly string[];
  readonly acknowledged?: { readonly by: string; readonly atMs: number; readonly untilMs: number };
}

/** What fires, and where it is written what to do about it. */
function describePage({ severity, alert, labels, runbook }: Page, since = ''): string {
  const where = runbook === '' ? '' : `; what to do: ${runbook}`;
  return `${severity}: ${alert}${describeLabels(labels)} fires${since}${where}`;
}

/** The same with who knows of it. */
export function describeActivePage(page: ActivePage): string {
  return `${describePage(page, ` since ${clock(page.startsAtMs)}`)}\n    ${whoKnows(page)}`;
}

/** What the pager has just told somebody. */
export function describeTold(page: ToldPage): string {
  const name = `${page.severity}: ${page.alert}${describeLabels(page.labels)}`;
  const words = {
    firing: () => (page.channel === 'pager' ? paint.bad : paint.strong)(describePage(page)),
    escalated: () => paint.bad(`${name} is not acknowledged; told: ${page.receivers.join(', then ')}`),
    acknowledged: () => `${name} is acknowledged by ${page.by}`,
    resolved: () => paint.good(`${name} is over`),
  };
  return `${clock(page.receivedAtMs)}  ${words[page.status]()}`;
}

/** The labels that tell one alert of this name from another, as `--matcher` takes them. */
export function describeLabels(labels: Page['labels']): string {
  const apart = distinguishingLabels(labels);
  return apart.length === 0 ? '' : ` (${apart.map(([name, value]) => `${name}=${value}`).join(', ')})`;
}

function whoKnows({ receivers, mutedBy, inhibitedBy = [], acknowledged }: ActivePage): string {
  if (acknowledged) return `acknowledged by ${acknowledged.by} until ${clock(acknowledged.untilMs)}`;
  if (mutedBy === 'silence') return 'silenced: nobody is told';
  if (mutedBy) return `inhibited: ${inhibitedBy.join(', ') || 'another alert'} says it already`;
  return receivers.length === 0 ? 'nobody was told yet' : `told: ${receivers.join(', then ')}`;
}

/** With the day, unless it is today's. */
export function clock(atMs: number, nowMs = Date.now()): string {
  const [at, now] = [new Date(atMs), new Date(nowMs)];
  const time = at.toLocaleTimeString('en-GB');
  return at.toDateString() === now.toDateString() ? time : `${at.toLocaleDateString('en-CA')} ${time}`;
}

/** What Alertmanager takes to be firing now, the most urgent first; undefined when it does not answer. */
export async function activePages(ports: Ports): Promise<readonly ActivePage[] | undefined> {
  try {
    const firing = await firingAlerts(`http://127.0.0.1:${ports.alertmanager}`);
    const incidents = await openIncidents(ports.webhook).catch(() => []);
    return byUrgency(firing.map((alert) => activePage(alert, firing, incidents)));
  } catch {
    return undefined;
  }
}

/** The most urgent first, of those the one that has fired for longest. What nobody foresaw goes to the tickets, and stands before them. */
export function byUrgency(pages: readonly ActivePage[]): readonly ActivePage[] {
  const order: readonly string[] = severities;
  const rank = ({ severity }: ActivePage) => order.indexOf(order.includes(severity) ? severity : 'ticket');
  const unforeseen = ({ severity }: ActivePage) => Number(!order.includes(severity));
  return [...pages].sort((a, b) => rank(a) - rank(b) || unforeseen(b) - unforeseen(a) || a.startsAtMs - b.startsAtMs);
}

/** @throws RunnerError when the pager does not answer. */
export async function openIncidents(pagerPort: number): Promise<z.infer<typeof incidentsSchema>> {
  return incidentsSchema.parse(await askJson('the pager', `http://127.0.0.1:${pagerPort}/incidents`));
}

function activePage(
  { fingerprint, startsAtMs, labels, runbook, silencedBy, inhibitedBy }: FiringAlert,
  firing: readonly FiringAlert[],
  incidents: z.infer<typeof incidentsSchema>,
): ActivePage {
  const mutedBy = silencedBy.length > 0 ? 'silence' : inhibitedBy.length > 0 ? 'inhibition' : undefined;
  const incident = incidents.find((each) => each.fingerprint === fingerprint);
  return {
    severity: labels.severity ?? 'none',
    alert: labels.alertname ?? '?',
    labels,
    startsAtMs,
    runbook,
    receivers: incident?.receivers ?? [],
    ...(mutedBy && { mutedBy }),
    ...(mutedBy === 'inhibition' && {
      inhibitedBy: firing
        .filter((other) => inhibitedBy.includes(other.fingerprint))
        .map((other) => `${other.labels.alertname ?? '?'}${describeLabels(other.labels)}`),
    }),
    ...(incident?.acknowledged && { acknowledged: incident.acknowledged }),
  };
}
