import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import type { Notification } from '#chaos/engine/target.ts';
import { receivers } from '#observability/alertmanager/receivers.ts';

/** @source https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
const webhookSchema = z.object({
  receiver: z.string().default('?'),
  alerts: z.array(
    z.object({
      status: z.enum(['firing', 'resolved']),
      labels: z.record(z.string(), z.string()),
    }),
  ),
});

/** The pager: Alertmanager's webhook, on loopback. */
export interface Notifications extends AsyncDisposable {
  /** Returns how to stop listening. */
  listen(listener: (notification: Notification) => void): () => void;
}

/** Every notification is also appended to `file`, one JSON object a line. */
export async function receiveNotifications(port: number, file: string): Promise<Notifications> {
  const listeners = new Set<(notification: Notification) => void>();
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const receivedAtMs = Date.now();
    const parsed = webhookSchema.safeParse(await json(request).catch(() => undefined));
    response.statusCode = parsed.success ? 200 : 400;
    response.end();
    const receiver = parsed.data?.receiver ?? '?';
    const channel = receivers.find(({ name }) => name === receiver)?.channel ?? 'tickets';
    for (const { status, labels } of parsed.data?.alerts ?? []) {
      const notification = {
        receivedAtMs,
        status,
        alert: labels.alertname ?? '?',
        severity: labels.severity ?? 'none',
        channel,
        receiver,
      };
      for (const listener of listeners) listener(notification);
      appendFileSync(file, `${JSON.stringify(notification)}\n`);
    }
  };
  // What cannot be kept, as on a full disk, has been told.
  const server = createServer((request, response) => void receive(request, response).catch(() => undefined));
  server.listen({ port, host: '127.0.0.1' });
  await once(server, 'listening');
  return {
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
