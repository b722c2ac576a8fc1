import type { OpenStack } from '#runner/stack.ts';

export type Labels = Readonly<Record<string, string>>;

/** An alert as Prometheus would send it: firing until it is ended. */
export interface SentAlert {
  readonly labels: Labels;
  end(): Promise<void>;
}

/** Makes an alert fire in the Alertmanager of this stack. */
export async function fire(stack: OpenStack, labels: Labels, annotations: Labels = {}): Promise<SentAlert> {
  const startsAt = new Date();
  const send = (endsAt: Date) => post(stack, { labels, annotations, startsAt, endsAt });
  await send(new Date(startsAt.getTime() + 3_600_000));
  return { labels, end: () => send(new Date()) };
}

/** What Alertmanager takes to be firing. */
export async function firingNow(stack: OpenStack): Promise<readonly { labels: Labels; status: Status }[]> {
  return await get(stack, 'alerts');
}

interface Status {
  readonly silencedBy: readonly string[];
  readonly inhibitedBy: readonly string[];
}

async function post(stack: OpenStack, alert: object): Promise<void> {
  const response = await fetch(`${apiOf(stack)}/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([alert]),
  });
  if (!response.ok) throw new Error(`Alertmanager answered ${response.status}: ${await response.text()}`);
}

async function get<Body>(stack: OpenStack, what: string): Promise<Body> {
  const response = await fetch(`${apiOf(stack)}/${what}`);
  return (await response.json()) as Body;
}

function apiOf({ options }: OpenStack): string {
  return `http://127.0.0.1:${options.ports.alertmanager}/api/v2`;
}
