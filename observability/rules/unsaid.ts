import type { Slo } from './slo.ts';

const said = {
  description: ({ description }) => description,
  'requests-per-second': ({ requestsPerSecond }) => requestsPerSecond,
  runbook: ({ runbook }) => runbook,
  dashboard: ({ dashboard }) => dashboard,
  team: ({ team }) => team,
} satisfies Record<string, (slo: Slo) => string | number | undefined>;

/** What an SLO leaves out that people look for when its alerts fire, or that tells whether chance fires them. */
export function unsaid(slo: Slo): readonly (keyof typeof said)[] {
  return Object.entries(said)
    .filter(([, value]) => [undefined, ''].includes(value(slo) as string | undefined))
    .map(([name]) => name as keyof typeof said);
}
