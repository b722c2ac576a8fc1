import { runOutsideRequests } from '#observability/sdk/context.ts';
import type { Postgres } from '../adapters/postgres/postgres.ts';
import type { Priority } from '../adapters/queues/message.ts';
import type { Queues } from '../adapters/queues/queues.ts';
import type { Clock } from '../platform/clock.ts';
import { forgetIdempotencyKeys, outboxBatch, outboxSent } from './queries.ts';

export interface OutboxDeps {
  readonly postgres: Postgres;
  readonly queues: Queues;
  readonly clock: Clock;
}

/** Messages about writes: stored with the write, sent after it. None is lost, some may be sent twice. */
export interface Outbox {
  /** Something was written: send what there is, soon. */
  kick(): void;
  /** Sends what is left every second, also of replicas that are gone. */
  start(): void;
  /** Resolves when nothing is being sent any more. */
  stop(): Promise<void>;
}

const batchSize = 100;
const periodMs = 1_000;
const forgetPeriodMs = 3_600_000;

interface Row {
  readonly id: string;
  readonly type: string;
  readonly payload: unknown;
  readonly priority: Priority;
  readonly traceparent: string | null;
  readonly request_id: string | null;
}

export function createOutbox({ postgres, queues, clock }: OutboxDeps): Outbox {
  let sending: Promise<void> | undefined;
  let more = false;
  let stopped = false;
  let forgottenMs = clock.monotonicMs();

  const send = ({ traceparent, request_id, ...row }: Row): Promise<unknown> => {
    const origin =
      request_id === null ? {} : { origin: { traceparent: traceparent ?? undefined, requestId: request_id } };
    return queues.enqueue({ ...row, ...origin });
  };

  const sendBatch = (): Promise<number> =>
    postgres.transaction(async (statements) => {
      const rows = await statements.rows<Row>(outboxBatch, [batchSize]);
      if (rows.length === 0) return 0;
      await Promise.all(rows.map(send));
      await statements.execute(outboxSent, [rows.map(({ id }) => id)]);
      return rows.length;
    });

  const sendAll = async (): Promise<void> => {
    do {
      more = false;
      while ((await sendBatch()) === batchSize && !stopped);
    } while (more && !stopped);
  };

  const kick = (): void => {
    more = true;
    if (stopped || sending !== undefined) return;
    // What fails stays where it is, for the next time; the stores themselves tell what is wrong with them.
    sending = runOutsideRequests(sendAll)
      .catch(() => undefined)
      .finally(() => {
        sending = undefined;
      });
  };

  const tick = (): void => {
    if (stopped) return;
    kick();
    if (clock.monotonicMs() - forgottenMs > forgetPeriodMs) {
      forgottenMs = clock.monotonicMs();
      postgres.execute(forgetIdempotencyKeys, []).catch(() => undefined);
    }
    clock.after(periodMs, tick);
  };

  return {
    kick,
    start: tick,
    async stop() {
      stopped = true;
      await sending;
    },
  };
}
