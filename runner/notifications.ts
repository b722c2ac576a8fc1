import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { acknowledgementSchema, deliverySchema } from './pager/api.ts';
import { createPager, type Page, type Pager } from './pager/pager.ts';

/** The pager: hears Alertmanager's webhook, tells people, and takes their acknowledgements. */
export interface Notifications extends AsyncDisposable {
  /** Returns how to stop listening. */
  listen(listener: (page: Page) => void): () => void;
  /** Nobody is told any more of what is open now, not even that it is over. */
  forget(): void;
}

export interface NotificationsOptions {
  readonly port: number;
  /** Loopback by default. */
  readonly host?: string;
  /** Keeps everything people were told, one JSON object a line. */
  readonly file: string;
  readonly alertmanagerUrl: string;
  readonly timeScale: number;
}

/** What people are told goes to whoever listens, and into a file: one JSON object a line. */
export function toldPages(file: string): { tell(page: Page): void; listen: Notifications['listen'] } {
  const listeners = new Set<(page: Page) => void>();
  return {
    tell: (page) => {
      for (const listener of listeners) listener(page);
      try {
        appendFileSync(file, `${JSON.stringify(page)}\n`);
      } catch {
        // What cannot be kept, as on a full disk, has been told.
      }
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export async function receiveNotifications(options: NotificationsOptions): Promise<Notifications> {
  const { port, host = '127.0.0.1', file, alertmanagerUrl, timeScale } = options;
  const { tell, listen } = toldPages(file);
  const pager = createPager({ alertmanagerUrl, timeScale, tell });
  const server = createServer(
    (request, response) => void answer(pager, request, response).catch(() => response.destroy()),
  );
  server.listen({ port, host });
  await once(server, 'listening');
  return {
    listen,
    forget: pager.forget,
    [Symbol.asyncDispose]: async () => {
      pager[Symbol.dispose]();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(pager: Pager, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, body } = await handle(pager, request);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function handle(pager: Pager, request: IncomingMessage): Promise<Answer> {
  switch (`${request.method} ${request.url}`) {
    case 'GET /incidents':
      return { status: 200, body: pager.incidents() };
    case 'POST /notifications':
      return receive(pager, await bodyOf(request));
    case 'POST /acknowledgements':
      return take(pager, await bodyOf(request));
    default:
      return { status: 404, body: { error: 'not found' } };
  }
}

/** Undefined when it is no JSON. */
function bodyOf(request: IncomingMessage): Promise<unknown> {
  return json(request).catch(() => undefined);
}

function receive(pager: Pager, body: unknown): Answer {
  const parsed = deliverySchema.safeParse(body);
  if (!parsed.success) return { status: 400, body: { error: parsed.error.message } };
  const alerts = parsed.data.alerts.map(({ startsAt, annotations, ...alert }) => ({
    ...alert,
    startsAtMs: Date.parse(startsAt),
    runbook: annotations.runbook_url ?? '',
  }));
  pager.deliver(parsed.data.receiver, alerts);
  return { status: 200, body: {} };
}

/** Answers with what was acknowledged. */
function take(pager: Pager, body: unknown): Answer {
  const parsed = acknowledgementSchema.safeParse(body);
  if (!parsed.success) return { status: 400, body: { error: parsed.error.message } };
  const { alert, labels, by, forSeconds } = parsed.data;
  const wanted = Object.entries({ ...labels, alertname: alert });
  const atMs = Date.now();
  const acknowledged = pager.acknowledge(
    (incident) => wanted.every(([name, value]) => incident.labels[name] === value),
    { by, atMs, untilMs: atMs + 1000 * forSeconds },
  );
  return { status: 200, body: acknowledged };
}
