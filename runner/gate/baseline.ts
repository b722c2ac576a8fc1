import { z } from 'zod';
import { type Change, changeSince } from '#load-tests/gate/baseline.ts';
import type { GatePolicy } from '#load-tests/gate/objective.ts';
import type { GateRun } from './gate-run.ts';

export const gateBaselineSchema = z.strictObject({
  formatVersion: z.literal(1),
  objectives: z.record(
    z.string(),
    z
      .strictObject({
        bad: z.number().nonnegative(),
        total: z.number().nonnegative(),
        batches: z.int().nonnegative(),
        phi: z.number().positive().optional(),
      })
      .refine(({ bad, total }) => bad <= total, 'expected no more bad than total'),
  ),
});

/** What was counted in an earlier run, by name of the objective. */
export type GateBaseline = Readonly<z.infer<typeof gateBaselineSchema>>;

export function baselineOf({ counts }: Pick<GateRun, 'counts'>): GateBaseline {
  return {
    formatVersion: 1,
    objectives: Object.fromEntries(
      Object.entries(counts).flatMap(([name, { server, client }]) => {
        const counted = server ?? client;
        if (counted === undefined) return [];
        const { bad, total, batches, phi } = counted;
        return [[name, { bad, total, batches, ...(phi === undefined ? {} : { phi }) }]];
      }),
    ),
  };
}

/** Of the objectives that both speak of. */
export function changesSince(
  { objectives }: GateBaseline,
  counts: GateRun['counts'],
  policy: GatePolicy,
): Readonly<Record<string, Change>> {
  return Object.fromEntries(
    Object.entries(counts).flatMap(([name, { server, client }]) => {
      const [before, now] = [objectives[name], server ?? client];
      if (before === undefined || now === undefined) return [];
      return [[name, changeSince({ ...before, phi: before.phi }, now, policy)]];
    }),
  );
}
