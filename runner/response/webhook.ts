import { stripVTControlCharacters } from 'node:util';

/** Tells a chat of a page, in the form that Slack takes, without the colours of a terminal; what cannot be told is lost, as it is with a chat. */
export async function tellWebhook(url: string, text: string): Promise<void> {
  await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text: stripVTControlCharacters(text) }),
    signal: AbortSignal.timeout(5000),
  }).catch(() => undefined);
}
