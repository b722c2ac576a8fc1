import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { createShutdown } from './shutdown.ts';

const logger = pino({ level: 'silent' });

describe('the shutdown', () => {
  it('takes its steps in order and exits with 0', async () => {
    const happened: unknown[] = [];
    const step = (name: string) => ({
      name,
      run: async () => {
        await new Promise(setImmediate);
        happened.push(name);
      },
    });
    const shutdown = createShutdown({
      logger,
      steps: [step('readiness'), step('requests'), step('database')],
      exit: (code) => happened.push(code),
    });
    await shutdown('SIGTERM');
    expect(happened).toEqual(['readiness', 'requests', 'database', 0]);
  });

  it('goes on after a step that fails', async () => {
    const happened: unknown[] = [];
    const shutdown = createShutdown({
      logger,
      steps: [
        { name: 'bad', run: () => Promise.reject(new Error('no')) },
        { name: 'good', run: () => void happened.push('good') },
      ],
      exit: (code) => happened.push(code),
    });
    await shutdown('SIGTERM');
    expect(happened).toEqual(['good', 0]);
  });

  it('ends at once on a second signal, with its code', async () => {
    const codes: number[] = [];
    const shutdown = createShutdown({
      logger,
      steps: [{ name: 'forever', run: () => new Promise(() => undefined) }],
      exit: (code) => codes.push(code),
    });
    void shutdown('SIGTERM');
    await shutdown('SIGINT');
    await shutdown('SIGTERM');
    expect(codes).toEqual([130, 143]);
  });
});
