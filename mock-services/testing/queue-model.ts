import type { PriorityQueue } from '../adapters/queues/message.ts';
import type { Enqueued, Order, QueueAccount } from '../adapters/queues/queues.ts';

interface ModelMessage {
  readonly id: string;
  readonly queue: PriorityQueue;
  attempts: number;
  state:
    | { readonly kind: 'waiting' | 'dead' }
    | { readonly kind: 'delayed'; readonly dueMs: number }
    | { readonly kind: 'reserved'; readonly dueMs: number; readonly reservation: string };
}

const queues = ['high-priority', 'medium-priority', 'low-priority'] as const;
const reservationMs = 31_000;

/** The queues as they should be, without a store: what each call answers, and the account after it. Which of the messages of a queue comes first is not its business. */
export class QueueModel {
  readonly #messages = new Map<string, ModelMessage>();
  readonly #ids = new Set<string>();
  readonly #keys = new Map<string, { readonly id: string; readonly fingerprint: string }>();
  readonly #ended = new Map<string, number>();

  enqueue({ id, idempotency, priority }: Order, answered: Enqueued): Enqueued {
    const first = idempotency && this.#keys.get(idempotency.key);
    if (first) return { id: first.id, outcome: first.fingerprint === idempotency.fingerprint ? 'known' : 'conflict' };
    if (id !== undefined && this.#ids.has(id)) return { id, outcome: 'known' };
    const given = id ?? answered.id;
    this.#ids.add(given);
    if (idempotency) this.#keys.set(idempotency.key, { id: given, fingerprint: idempotency.fingerprint });
    this.#messages.set(given, { id: given, queue: `${priority}-priority`, attempts: 0, state: { kind: 'waiting' } });
    this.#count(`${priority}-priority`, 'accepted');
    return { id: given, outcome: 'accepted' };
  }

  /** Ids of which one must come out; none when nothing may. */
  reservable(nowMs: number): readonly string[] {
    for (const message of this.#messages.values()) {
      const { state } = message;
      if ('dueMs' in state && state.dueMs <= nowMs) {
        const usedUp = state.kind === 'reserved' && message.attempts >= 3;
        message.state = { kind: usedUp ? 'dead' : 'waiting' };
      }
    }
    for (const queue of queues) {
      const ids = this.#all('waiting').filter((message) => message.queue === queue);
      if (ids.length > 0) return ids.map(({ id }) => id);
    }
    return [];
  }

  /** The number of the attempt. */
  reserve(id: string, reservation: string, nowMs: number): number {
    const message = this.#messages.get(id) as ModelMessage;
    message.attempts += 1;
    message.state = { kind: 'reserved', dueMs: nowMs + reservationMs, reservation };
    return message.attempts;
  }

  acknowledge(id: string, reservation: string): boolean {
    const message = this.#held(id, reservation);
    if (message === undefined) return false;
    this.#end(message, 'processed');
    return true;
  }

  fail(id: string, reservation: string, final: boolean, nowMs: number): 'retry' | 'dead-letter' | 'lost' {
    const message = this.#held(id, reservation);
    if (message === undefined) return 'lost';
    const dead = final || message.attempts >= 3;
    message.state = dead ? { kind: 'dead' } : { kind: 'delayed', dueMs: nowMs + 1_000 * 2 ** (message.attempts - 1) };
    return dead ? 'dead-letter' : 'retry';
  }

  release(id: string, reservation: string): boolean {
    const message = this.#held(id, reservation);
    if (message === undefined) return false;
    message.attempts -= 1;
    message.state = { kind: 'waiting' };
    return true;
  }

  replay(id: string): boolean {
    const message = this.#messages.get(id);
    if (message?.state.kind !== 'dead') return false;
    message.attempts = 0;
    message.state = { kind: 'waiting' };
    return true;
  }

  purge(id: string): boolean {
    const message = this.#messages.get(id);
    if (message?.state.kind !== 'dead') return false;
    this.#end(message, 'purged');
    return true;
  }

  get deadLetters(): readonly string[] {
    return this.#all('dead').map(({ id }) => id);
  }

  account(): readonly QueueAccount[] {
    return queues.map((queue) => {
      const own = [...this.#messages.values()].filter((message) => message.queue === queue);
      const deadLettered = own.filter(({ state }) => state.kind === 'dead').length;
      const [accepted = 0, processed = 0, purged = 0] = ['accepted', 'processed', 'purged'].map((what) =>
        this.#ended.get(`${queue} ${what}`),
      );
      return { queue, accepted, processed, pending: own.length - deadLettered, deadLettered, purged };
    });
  }

  #all(kind: ModelMessage['state']['kind']): readonly ModelMessage[] {
    return [...this.#messages.values()].filter(({ state }) => state.kind === kind);
  }

  #held(id: string, reservation: string): ModelMessage | undefined {
    const message = this.#messages.get(id);
    return message?.state.kind === 'reserved' && message.state.reservation === reservation ? message : undefined;
  }

  #end(message: ModelMessage, what: 'processed' | 'purged'): void {
    this.#messages.delete(message.id);
    this.#count(message.queue, what);
  }

  #count(queue: PriorityQueue, what: 'accepted' | 'processed' | 'purged'): void {
    const key = `${queue} ${what}`;
    this.#ended.set(key, (this.#ended.get(key) ?? 0) + 1);
  }
}
