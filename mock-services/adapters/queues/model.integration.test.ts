import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { QueueModel } from '../../testing/queue-model.ts';
import { storeRuntime } from '../../testing/store-choice.ts';
import { startValkey, type Valkey } from '../../testing/stores.ts';
import { captureTelemetry } from '../../testing/telemetry.ts';
import type { Reserved } from './message.ts';
import { createQueues, type Queues } from './queues.ts';

let valkey: Valkey;
let queues: Queues;
let nowMs = Date.UTC(2026, 0, 1);

beforeAll(async () => {
  valkey = await startValkey(await storeRuntime());
  const address = { host: '127.0.0.1', port: valkey.port, clock: systemClock };
  queues = createQueues({ ...address, ...captureTelemetry(), random: () => 0.5, storeTimeMs: () => nowMs });
  await vi.waitFor(() => queues.ping(), { timeout: 20_000 });
});

afterAll(async () => {
  await queues.close();
  await valkey[Symbol.asyncDispose]();
});

const some = fc.nat({ max: 1_000 });
const few = (letter: string) => fc.nat({ max: 3 }).map((number) => `${letter}${number}`);
const order = fc.record(
  {
    type: fc.constant('note'),
    payload: fc.jsonValue(),
    priority: fc.constantFrom('high', 'medium', 'low'),
    id: few('id'),
    idempotency: fc.record({ key: few('key'), fingerprint: fc.constantFrom('a', 'b') }),
  },
  { requiredKeys: ['type', 'payload', 'priority'] },
);
const settling = fc.constantFrom('acknowledge', 'acknowledge', 'fail', 'fail', 'final', 'release');

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('enqueue'), order }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('reserve') }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('settle'), which: some, how: settling }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass'), ms: fc.constantFrom(1, 999, 1_000, 2_000, 31_000) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('replay', 'purge'), which: some }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('replay all', 'purge all') }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** One history, in the store and in the model; each answer, and the account after it, must be the same. */
class History {
  readonly #model = new QueueModel();
  /** All there ever were: also those that ended, or ran out. */
  readonly #reservations: Reserved[] = [];
  readonly #ids: string[] = [];

  async take(step: Step): Promise<void> {
    await this.#act(step);
    expect(await queues.counts()).toEqual(this.#model.account());
  }

  async #act(step: Step): Promise<void> {
    switch (step.kind) {
      case 'enqueue': {
        const answer = await queues.enqueue(step.order);
        expect(answer).toEqual(this.#model.enqueue(step.order, answer));
        this.#ids.push(answer.id);
        return;
      }
      case 'reserve':
        return await this.#reserve();
      case 'settle':
        return await this.#settle(step.which, step.how);
      case 'pass':
        nowMs += step.ms;
        return;
      case 'replay':
      case 'purge': {
        const id = this.#ids[step.which % this.#ids.length] ?? 'none';
        expect(await queues[step.kind](id)).toBe(this.#model[step.kind](id));
        return;
      }
      case 'replay all':
      case 'purge all':
        return await this.#all(step.kind);
    }
  }

  async #reserve(): Promise<void> {
    const expected = this.#model.reservable(nowMs);
    const reserved = await queues.reserve();
    expect(reserved === undefined).toBe(expected.length === 0);
    if (reserved === undefined) return;
    const { message, reservation } = reserved;
    expect(expected).toContain(message.id);
    expect(message.attempts).toBe(this.#model.reserve(message.id, reservation, nowMs));
    this.#reservations.push(reserved);
  }

  async #settle(which: number, how: 'acknowledge' | 'fail' | 'final' | 'release'): Promise<void> {
    const reserved = this.#reservations[which % this.#reservations.length];
    if (reserved === undefined) return;
    const { id } = reserved.message;
    const { reservation } = reserved;
    if (how === 'acknowledge') {
      expect(await queues.acknowledge(reserved)).toBe(this.#model.acknowledge(id, reservation));
    } else if (how === 'release') {
      expect(await queues.release(reserved)).toBe(this.#model.release(id, reservation));
    } else {
      const final = how === 'final';
      expect(await queues.fail(reserved, 'X', { final })).toBe(this.#model.fail(id, reservation, final, nowMs));
    }
  }

  async #all(kind: 'replay all' | 'purge all'): Promise<void> {
    const ids = this.#model.deadLetters;
    const listed = await queues.deadLetters({ offset: 0, limit: 1_000 });
    expect(listed.messages.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(await (kind === 'replay all' ? queues.replayAll() : queues.purgeAll())).toBe(ids.length);
    for (const id of ids) this.#model[kind === 'replay all' ? 'replay' : 'purge'](id);
  }
}

describe('the queues', () => {
  it('answer as the model does, whatever is done in whatever order, and the account balances after each step', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80, size: 'max' }), async (steps) => {
        await valkey.command('FLUSHALL');
        const history = new History();
        for (const each of steps) await history.take(each);
      }),
      { numRuns: 200 },
    );
  });
});
