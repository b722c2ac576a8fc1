import { z } from 'zod';
import { timeouts } from '#catalog/timeouts.ts';
import type { Postgres } from '../../adapters/postgres/postgres.ts';
import { type Clock, pause } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import { type Answer, sendJson } from '../../platform/exchange.ts';
import { type Route, route } from '../../platform/route.ts';
import { usersPage } from '../queries.ts';

export interface ErrorDeps {
  readonly postgres: Postgres;
  readonly clock: Clock;
}

const delayMs = 1_000 * timeouts.slowAnswerSeconds;
const spikeBytes = 64 * 1024 * 1024;
/** Far above what a replica may have; without an end it is the machine that runs out of memory, not the replica. */
const maxSpikes = 8;

/** Failures on request, for whoever wants to see one. Mounted only where that is wanted. */
export function errorRoutes({ postgres, clock }: ErrorDeps): readonly Route[] {
  let spikes = 0;
  const failures: Readonly<Record<z.infer<typeof type>, (answer: Answer) => void | Promise<void>>> = {
    async timeout() {
      await pause(clock, delayMs);
      throw new AppError('TIMEOUT');
    },
    /** Answers first: a connection that breaks would make nginx ask the next replica, which then ends too. */
    crash(answer) {
      answer.once('close', () => {
        setImmediate(() => {
          throw new Error('unexpected end of the event stream');
        });
      });
      throw new AppError('INTERNAL_ERROR');
    },
    memory(answer) {
      if (spikes === maxSpikes) throw new AppError('SERVICE_UNAVAILABLE');
      spikes += 1;
      const spike = Buffer.alloc(spikeBytes, 1);
      clock.after(delayMs, () => {
        spike.fill(0);
        spikes -= 1;
      });
      sendJson(answer, 200, JSON.stringify({ allocated_bytes: spike.byteLength, held_seconds: delayMs / 1000 }));
    },
    async database(answer) {
      answer.locals.exchange.failureMode = 'database';
      sendJson(answer, 200, await postgres.readJson(usersPage, [1, 1]));
    },
  };
  return [
    route({
      method: 'GET',
      path: '/api/backend/error/:type',
      summary: 'Fails: by a delay of 10 s, a crash, a spike of memory, or a lost database connection',
      tag: 'errors',
      role: 'viewer',
      params: z.object({ type }),
      answers: {
        200: {
          description: 'The memory is taken',
          schema: z.object({ allocated_bytes: z.int(), held_seconds: z.int() }),
        },
      },
      errors: ['INTERNAL_ERROR', 'DATABASE_ERROR', 'SERVICE_UNAVAILABLE', 'TIMEOUT'],
      handle: ({ params }, answer) => failures[params.type](answer),
    }),
  ];
}

const type = z.enum(['timeout', 'crash', 'memory', 'database'], { error: 'timeout, crash, memory or database' });
