import { type Ledger, steadySinceMs } from './ledger.ts';
import type { Notification } from './target.ts';

/** Writes down what the pager told. What it tells before the stack is proven to be well answers no fault, and is no false page. */
export function recordNotification(ledger: Ledger, notification: Notification): void {
  const { status, alert, subject, severity, channel, receivedAtMs } = notification;
  const event = status === 'firing' ? 'notified' : status;
  const source = event === 'notified' || event === 'resolved' ? 'alertmanager webhook' : 'pager';
  if (steadySinceMs(ledger.entries) !== undefined) {
    ledger.append({ event, alert, subject, severity, channel }, source, receivedAtMs);
  } else if (event === 'notified') {
    ledger.append({ event: 'unsettled', alert, subject, severity }, source, receivedAtMs);
  }
}
