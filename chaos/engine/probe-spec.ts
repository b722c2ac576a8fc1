import { z } from 'zod';
import { durationSeconds, someTime, tolerance } from './quantities.ts';

const name = z.string().min(1);
const over = someTime.describe('How far back it looks.');

const http = z.strictObject({ path: z.string().startsWith('/'), status: z.int().min(100).max(599) });

const promql = z.strictObject({ query: z.string().min(1).describe('PromQL that gives one value.'), tolerance });

const logql = z.strictObject({
  query: z.string().startsWith('{').describe('A LogQL selector with its filters; how many lines it finds is compared.'),
  over,
  tolerance,
});

const trace = z.strictObject({
  service: z.string().min(1).describe('One of its spans must be like this.'),
  operation: z.string().min(1).optional(),
  tags: z.record(z.string(), z.string()).default({}),
  minDuration: durationSeconds.default(0),
  over,
  found: z.boolean().describe('Whether there must be such a trace, or must be none.'),
});

const process = z.strictObject({
  service: z.string().min(1),
  state: z.enum(['ready', 'starting', 'restarting', 'stopped']).default('ready'),
  restarts: tolerance.optional().describe('How often it was started again since the drill began.'),
});

const alert = z.strictObject({ alert: z.string().min(1), is: z.enum(['firing', 'silent']) });

const alerts = z.strictObject({ firing: z.literal('none') });

/** One look at the running stack, as a drill file describes it. */
export const probe = z.union(
  [
    z.strictObject({ name, http }),
    z.strictObject({ name, promql }),
    z.strictObject({ name, logql }),
    z.strictObject({ name, trace }),
    z.strictObject({ name, process }),
    z.strictObject({ name, alert }),
    z.strictObject({ name, alerts }),
  ],
  'expected a name and one of http, promql, logql, trace, process, alert, alerts',
);

export type ProbeSpec = z.output<typeof probe>;
