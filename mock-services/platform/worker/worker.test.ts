import { setImmediate as turn } from 'node:timers/promises';
import { SpanKind } from '@opentelemetry/api';
import { beforeEach, describe, expect, it } from 'vitest';
import { currentRequest } from '#observability/sdk/context.ts';
import type { Reserved } from '../../adapters/queues/message.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { type CapturedTelemetry, captureTelemetry } from '../../testing/telemetry.ts';
import { AppError } from '../errors.ts';
import { FinalFailure } from './failure.ts';
import type { Consume, WorkerQueues } from './processing.ts';
import { createWorker, type Worker } from './worker.ts';

let clock: FakeClock;
let telemetry: CapturedTelemetry;
let waiting: Reserved[];
let settled: string[];
let down: boolean;
/** As with a circuit breaker: only a ping that was answered closes it. */
let open: boolean;
let announce: () => void;

beforeEach(() => {
  clock = new FakeClock();
  telemetry = captureTelemetry();
  waiting = [];
  settled = [];
  down = false;
  open = false;
  announce = () => undefined;
});

const unavailable = () => new AppError('SERVICE_UNAVAILABLE', { cause: new Error('connect ECONNREFUSED') });

const queues: WorkerQueues = {
  processingTimeoutMs: 30_000,
  async reserve() {
    open ||= down;
    if (open) throw unavailable();
    return waiting.shift();
  },
  async acknowledge({ message }) {
    if (down) throw unavailable();
    settled.push(`${message.id} processed`);
    return true;
  },
  async fail({ message }, reason, { final = false } = {}) {
    settled.push(`${message.id} failed: ${reason}${final ? ', final' : ''}`);
    return final ? 'dead-letter' : 'retry';
  },
  async release({ message }) {
    settled.push(`${message.id} given back`);
    return true;
  },
  async ping() {
    if (down) throw unavailable();
    open = false;
  },
  onMessage(listener) {
    announce = listener;
    return () => undefined;
  },
};

function message(id: string): Reserved {
  return {
    message: { id, type: 'note', payload: 'a secret text', timestamp: '', attempts: 1, max_attempts: 3 },
    queue: 'high-priority',
    reservation: '1',
    reservedMs: clock.monotonicMs(),
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    requestId: 'request-1',
  };
}

async function started(consume: Consume, options = {}): Promise<Worker> {
  const worker = createWorker({ queues, consume, clock, ...telemetry, ...options });
  worker.start();
  await quiet();
  return worker;
}

/** Until all that can happen without the clock has happened. */
async function quiet(): Promise<void> {
  for (let count = 0; count < 20; count += 1) await turn();
}

async function pass(ms: number): Promise<void> {
  clock.advance(ms);
  await quiet();
}

const never = () => new Promise<void>(() => undefined);
const lines = () => telemetry.logLines.map(({ msg }) => msg);

describe('a worker', () => {
  it('processes what waits, what is announced, and what it finds when it looks twice a second', async () => {
    waiting.push(message('a'));
    await started(async () => undefined);
    expect(settled).toEqual(['a processed']);
    waiting.push(message('b'));
    announce();
    await quiet();
    expect(settled).toEqual(['a processed', 'b processed']);
    waiting.push(message('c'));
    await pass(499);
    expect(settled).toHaveLength(2);
    await pass(1);
    expect(settled).toHaveLength(3);
  });

  it('has no more under way than its concurrency, and takes the next when one is done', async () => {
    const places: (() => void)[] = [];
    for (const id of ['a', 'b', 'c']) waiting.push(message(id));
    await started(() => new Promise((resolve) => places.push(resolve)), { concurrency: 2 });
    expect(places).toHaveLength(2);
    places[0]?.();
    await quiet();
    expect(places).toHaveLength(3);
    expect(settled).toEqual(['a processed']);
  });

  it('works within a span of its own in the trace of the request, under its id', async () => {
    waiting.push(message('a'));
    let seen: string | undefined;
    await started(async () => {
      seen = currentRequest()?.requestId;
    });
    expect(seen).toBe('request-1');
    const [span] = await telemetry.spans();
    expect(span).toMatchObject({ name: 'process high-priority', kind: SpanKind.CONSUMER });
    expect(span?.spanContext().traceId).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(span?.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
    expect(telemetry.logLines).toMatchObject([
      { msg: 'message processed', request_id: 'request-1', trace_id: '0af7651916cd43dd8448eb211c80319c' },
    ]);
  });

  it('takes no part in requests that fail by themselves', async () => {
    waiting.push(message('a'));
    let draw: unknown = 'not seen';
    await started(async () => {
      draw = (currentRequest() as { readonly draw?: unknown } | undefined)?.draw;
    });
    expect(draw).toBeUndefined();
  });
});

describe('a message that cannot be processed', () => {
  it.each([
    ['its code', new AppError('DATABASE_ERROR'), 'DATABASE_ERROR'],
    ['its name where it has no code', new TypeError('a secret text'), 'TypeError'],
    ['no code that is no word', Object.assign(new Error('x'), { code: 'a secret text' }), 'Error'],
    ['nothing of what is no error', 'a secret text', 'Error'],
  ])('fails with %s as the reason', async (_, error, reason) => {
    waiting.push(message('a'));
    await started(() => Promise.reject(error));
    expect(settled).toEqual([`a failed: ${reason}`]);
    expect(telemetry.logLines).toMatchObject([{ msg: 'message failed', reason, next: 'retry' }]);
    expect((await telemetry.spans())[0]?.attributes['error.type']).toBe(reason);
  });

  it('is given up at once when the failure is final', async () => {
    waiting.push(message('a'));
    await started(() => Promise.reject(new FinalFailure('UNKNOWN_TYPE')));
    expect(settled).toEqual(['a failed: UNKNOWN_TYPE, final']);
  });

  it('fails after 30 s, is told so by its signal, and frees its place', async () => {
    waiting.push(message('a'), message('b'));
    let signal: AbortSignal | undefined;
    await started(
      (_, given) => {
        signal ??= given;
        return never();
      },
      { concurrency: 1 },
    );
    await pass(29_999);
    expect(settled).toEqual([]);
    await pass(1);
    expect(signal?.aborted).toBe(true);
    expect(settled).toEqual(['a failed: processing timed out']);
    await pass(30_000);
    expect(settled).toHaveLength(2);
  });

  it('shows its payload in no log line and no span', async () => {
    waiting.push(message('a'), message('b'));
    await started(async ({ id }) => {
      if (id === 'b') throw new Error('a secret text');
    });
    const spans = (await telemetry.spans()).map(({ name, attributes, events, status }) => ({
      name,
      attributes,
      events,
      status,
    }));
    expect(JSON.stringify([telemetry.logLines, spans])).not.toContain('secret');
    expect(spans).toHaveLength(2);
  });
});

describe('a worker whose queues are lost', () => {
  it('tries again less and less often, and says once that they are lost and once that they are back', async () => {
    down = true;
    await started(async () => undefined);
    for (let count = 0; count < 10; count += 1) await pass(2_000);
    expect(telemetry.logLines).toMatchObject([{ msg: 'queues lost', error_message: 'connect ECONNREFUSED' }]);
    down = false;
    waiting.push(message('a'));
    await pass(2_000);
    expect(lines()).toEqual(['queues lost', 'queues back', 'message processed']);
  });

  it('acknowledges what it has done as soon as they are back', async () => {
    waiting.push(message('a'));
    await started(async () => {
      down = true;
    });
    expect(settled).toEqual([]);
    down = false;
    await pass(100);
    expect(settled).toEqual(['a processed']);
  });
});

describe('a worker that is not ready', () => {
  it('leaves messages where they are, and takes them when it is', async () => {
    let ready = false;
    waiting.push(message('a'));
    await started(async () => undefined, { ready: () => ready });
    announce();
    await pass(500);
    expect(waiting).toHaveLength(1);
    ready = true;
    await pass(500);
    expect(settled).toEqual(['a processed']);
  });
});

describe('a worker that stops', () => {
  it('finishes what is under way and takes nothing more', async () => {
    waiting.push(message('a'), message('b'));
    let finish = (): void => undefined;
    const worker = await started(
      () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
      { concurrency: 1 },
    );
    const stopped = worker.stop(10_000);
    await quiet();
    finish();
    await stopped;
    expect(settled).toEqual(['a processed']);
    expect(waiting).toHaveLength(1);
  });

  it('gives back what is not done in time', async () => {
    waiting.push(message('a'));
    const worker = await started(never);
    const stopped = worker.stop(10_000);
    await quiet();
    await pass(9_999);
    expect(settled).toEqual([]);
    await pass(1);
    await stopped;
    expect(settled).toEqual(['a given back']);
  });
});
