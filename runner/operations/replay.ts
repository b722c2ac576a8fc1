import { z } from 'zod';
import { deadLetterQueue } from '#catalog/signals.ts';
import { RunnerError } from '../errors.ts';
import { ask } from '../pager/ask.ts';
import { signToken } from '../token.ts';
import type { Operation } from './operation.ts';

export const replay: Operation = {
  name: 'replay',
  does: 'put all dead letters back into their queues',
  async run(_targets, { stack }) {
    const nowMs = Date.now();
    const whom = { secret: stack.tokenSecret, role: 'admin', subject: 'the operator' } as const;
    const token = await signToken({ ...whom, issuedAtMs: nowMs, expiresAtMs: nowMs + 60_000 });
    const url = `http://127.0.0.1:${stack.options.ports.edge}/api/backend/queue/${deadLetterQueue}/replay`;
    const response = await ask('nginx', url, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    const body = await response.json().catch(() => undefined);
    const answer = answerSchema.safeParse(body);
    if (!answer.success) {
      throw new RunnerError('SERVICE_FAILED', `The dead letters were not replayed: nginx answered ${response.status}.`);
    }
    return `Dead letters replayed: ${answer.data.replayed}.`;
  },
};

const answerSchema = z.object({ replayed: z.number() });
