import { z } from 'zod';
import { causeNames } from '#catalog/causes.ts';
import { operationNames } from '#catalog/operations.ts';
import { maximumTimeScale } from '#catalog/time-scale.ts';
import { probe } from './probe-spec.ts';
import { durationSeconds, someTime, tolerance } from './quantities.ts';

/** Long enough to be renewed three times over a busy loopback, short enough that nobody waits for a fault to end. */
const leaseSeconds = durationSeconds.refine((seconds) => seconds >= 1 && seconds <= 60, 'expected 1s to 60s');

const identifier = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words joined by hyphens');

const fault = z.strictObject({
  at: durationSeconds.describe('After the steady state was proven.'),
  for: someTime.describe('How long the fault stays before it is reverted.'),
  fault: identifier,
  target: z.string().min(1).describe('The service it is done to, by its name in the stack.'),
  args: z.record(z.string(), z.unknown()).default({}),
  lease: leaseSeconds.describe('The fault ends by itself after this long without renewal.'),
});

const within = z.union(
  [
    z.literal('limit').describe('The closed form of the alert, plus what scrape, evaluation and grouping may take.'),
    someTime,
  ],
  'expected limit, or a duration such as 12s',
);

const sli = z.strictObject({
  name: z.string().min(1),
  query: z.string().min(1).describe('PromQL that gives one value.'),
  moves: tolerance.optional().describe('Must be met at some time while a fault is active.'),
  recovers: z.strictObject({ tolerance, within: durationSeconds.describe('After the last fault was reverted.') }),
});

const answer = z.strictObject({
  component: z
    .string()
    .min(1)
    .describe('Where it is: a service by its name, backend (all replicas), network, or none.'),
  cause: z.enum(causeNames).describe('What it is: one of catalog/causes.ts.'),
});

const ends = z
  .array(z.int().min(0))
  .min(1)
  .optional()
  .describe('Which faults it ends, by their place in the list from 0; all of them when absent.');

const without = z
  .array(z.string().min(1))
  .default([])
  .describe('Replicas that may be out of service after it; of drain and stop, their target.');

const mitigation = z.union(
  [
    z.strictObject({
      does: z.string().min(1).describe('What it is, in the words of the debrief: restarts the replica.'),
      operation: z
        .strictObject({ name: z.enum(operationNames), target: z.string().min(1).optional() })
        .describe('Recognised when the operator does this, to this target or to any.'),
      ends,
      without,
    }),
    z.strictObject({
      does: z.string().min(1),
      probe: probe.describe(
        'Recognised when this holds that did not when the drill paged: for what is done by other means.',
      ),
      ends,
      without,
    }),
  ],
  'expected does, and one of operation, probe',
);

const hint = z.strictObject({
  text: z.string().min(1),
  cost: z.int().min(0).max(50).describe('Points off the score.'),
});

export const difficulties = ['beginner', 'intermediate', 'advanced'] as const;

export const drillSchema = z.strictObject({
  $schema: z.string().optional(),
  apiVersion: z.literal('firedrill.dev/v1'),
  kind: z.literal('Drill'),
  metadata: z.strictObject({
    name: identifier,
    title: z.string().min(1),
    difficulty: z.enum(difficulties),
    teaches: z.string().min(1),
  }),
  stack: z.strictObject({
    profile: z.enum(['flaky', 'steady']).default('steady'),
    timeScale: z.number().min(1).max(maximumTimeScale),
    replicas: z.int().min(1).max(16).default(2),
    databaseLatency: durationSeconds
      .default(0)
      .describe('Added to every answer of the database, as if it stood that far away.'),
  }),
  load: z.strictObject({
    scenario: identifier,
    ratePerSecond: z.int().min(1).max(2000),
  }),
  steadyState: z
    .strictObject({
      holdFor: durationSeconds.describe('How long all probes must hold without a break before anything is injected.'),
      within: durationSeconds.describe('How long the stack may take to get there, before and after.'),
      probes: z.array(probe).min(1),
    })
    .refine(({ holdFor, within }) => holdFor <= within, {
      path: ['holdFor'],
      error: 'expected no more than steadyState.within',
    }),
  blastRadius: z.strictObject({
    maxTargets: z.int().min(0),
    maxDuration: durationSeconds,
    maxShare: z
      .number()
      .min(0)
      .max(1)
      .default(1)
      .describe(
        'Part of all requests that can come to what is broken: one of two replicas is 0.5, nginx or a store is 1.',
      ),
  }),
  faults: z.array(fault),
  seed: z.string().min(1).optional().describe('What decides which requests fail; made up for every run when absent.'),
  timeLimit: someTime
    .default(900)
    .describe(
      'How long it may take from the proven steady state until all is well again; then everything is reverted.',
    ),
  observeFor: durationSeconds.optional().describe('How long to watch when there is no fault.'),
  expect: z.strictObject({
    mustFire: z.array(
      z.strictObject({
        alert: z.string().min(1),
        within,
        resolvesWithin: within,
        intermittent: z
          .boolean()
          .default(false)
          .describe(
            'It comes and is taken back while its fault is in force, so that it may be over before the fault is.',
          ),
      }),
    ),
    mayFire: z.array(z.string().min(1)).default([]),
    slis: z.array(sli).default([]),
  }),
  answer: z
    .union([answer, z.array(answer).min(1)], 'expected component and cause, or a list of them')
    .transform((given) => [given].flat())
    .optional()
    .describe('What is broken; several where several things are.'),
  mitigations: z.array(mitigation).default([]).describe('What ends the faults when a person plays, each by itself.'),
  hints: z.array(hint).default([]).describe('From the first look to nearly all of it.'),
  runbook: z.string().optional(),
});

/** One drill file, parsed; durations are seconds. */
export type Drill = z.output<typeof drillSchema>;
export type DrillFault = Drill['faults'][number];

/** The JSON Schema of a drill file, for editors and for other programs. */
export function drillJsonSchema(): unknown {
  return { title: 'Firedrill drill', ...z.toJSONSchema(drillSchema, { io: 'input' }) };
}
