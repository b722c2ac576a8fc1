import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import { FaultRefused } from '#chaos/keeper/fault-refused.ts';
import type { Keeper } from '#chaos/keeper/keeper.ts';

/** The keeper over HTTP, as `catalog/control.ts` describes it. It writes no log line: nobody on call reads there what is broken. */
export function faultRoutes(keeper: Keeper): Router {
  const routes = express.Router();
  routes.get('/faults', (_request, response) => {
    response.json({ active: keeper.list() });
  });
  routes.put('/faults/:id', async (request, response) => {
    response.json(await keeper.inject(request.params.id, orderSchema.parse(request.body)));
  });
  routes.post('/faults/:id/renew', (request, response) => {
    const active = keeper.renew(request.params.id, renewalSchema.parse(request.body).leaseSeconds);
    if (active === undefined) response.status(404).json({ error: { message: 'it is not active' } });
    else response.json(active);
  });
  routes.delete('/faults/:id', async (request, response) => {
    await keeper.revert(request.params.id);
    response.status(204).end();
  });
  routes.delete('/faults', async (_request, response) => {
    await keeper.revertAll();
    response.status(204).end();
  });
  routes.use((thrown: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (thrown instanceof FaultRefused) {
      const { message, problems } = thrown;
      response.status(400).json({ error: { message, details: problems } });
    } else if (thrown instanceof z.ZodError) {
      const details = thrown.issues.map(({ path, message }) => ({ field: path.join('.'), expected: message }));
      const sentences = details.map(({ field, expected }) => `${field || 'the body'}: expected ${expected}`);
      response.status(400).json({ error: { message: sentences.join('; '), details } });
    } else {
      next(thrown);
    }
  });
  return routes;
}

const leaseHelp = 'a number of seconds above 0, at most 86400';
const leaseSeconds = z.number({ error: leaseHelp }).positive(leaseHelp).max(86_400, leaseHelp);

const orderSchema = z.strictObject(
  {
    fault: z.string({ error: 'the name of a fault' }),
    target: z.string({ error: 'the name of a service' }),
    args: z.record(z.string(), z.unknown(), { error: 'an object' }),
    seed: z.string({ error: 'a string' }),
    leaseSeconds,
  },
  { error: 'an object with fault, target, args, seed and leaseSeconds' },
);

const renewalSchema = z.strictObject({ leaseSeconds }, { error: 'an object with leaseSeconds' });
