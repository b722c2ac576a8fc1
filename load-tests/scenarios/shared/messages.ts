import type { Question } from './ask.ts';
import { headersOfEditor, headersOfReader } from './client.ts';

export type Priority = 'high' | 'medium' | 'low';

export function message(type: string, payload: unknown, priority: Priority): Question {
  return {
    route: 'POST /api/backend/queue',
    headers: headersOfEditor(),
    body: { type, payload, priority },
    fits: (response) => response.json('queue') === `${priority}-priority` && typeof response.json('id') === 'string',
  };
}

interface Account {
  readonly accepted: number;
  readonly processed: number;
  readonly pending: number;
  readonly dead_lettered: number;
  readonly purged: number;
}

/** No message is lost, and none counts twice. */
export function accounts(): Question {
  return {
    route: 'GET /api/backend/queue',
    headers: headersOfReader(),
    fits: (response) => (response.json() as unknown as readonly Account[]).every(isBalanced),
  };
}

function isBalanced({ accepted, processed, pending, dead_lettered, purged }: Account): boolean {
  return accepted === processed + pending + dead_lettered + purged;
}
