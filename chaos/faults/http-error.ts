import { z } from 'zod';
import type { HttpErrorArgs } from '#catalog/control.ts';
import { routes } from '#catalog/signals.ts';
import { controlClient } from './control-client.ts';
import type { Fault } from './fault.ts';

const apiRoutes = routes.map(({ route }) => route).filter((route) => route.startsWith('/api/'));

/** Requests fail at once, before any work is done: the replica looks idle and draws traffic. */
export const httpError: Fault<Omit<HttpErrorArgs, 'seed'>> = {
  name: 'http-error',
  effect: 'A share of the requests to a backend replica fails at once with the given status.',
  args: z.strictObject({
    ratio: z
      .number()
      .min(0)
      .max(1)
      .default(1)
      .describe('Share of the matching requests that fail, 0 to 1, exact to ± 1 request.'),
    status: z.literal([500, 502, 503, 504]).default(500).describe('HTTP status of the failure.'),
    routes: z
      .array(z.enum(apiRoutes as [string, ...string[]]))
      .default([])
      .describe('Route templates that fail; every API route when empty.'),
  }),
  async inject(target, { id, service, args, seed, leaseSeconds, signal }) {
    const control = controlClient(target.control(service), signal);
    return await control.inject(id, { fault: 'http-error', args: { ...args, seed }, leaseSeconds });
  },
};
