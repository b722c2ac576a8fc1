import { parseDocument } from 'yaml';
import { z } from 'zod';
import { dashboards } from '#catalog/dashboards.ts';
import { tiers } from './burn-rate.ts';
import type { Slo } from './slo.ts';

/** Every fault of a file at once: where, what is expected, what stands there. */
export class SloError extends Error {
  constructor(file: string, faults: readonly string[]) {
    super(faults.map((fault) => `${file}: ${fault}`).join('\n'));
    this.name = 'SloError';
  }
}

/**
 * Reads an OpenSLO v1 SLO of the profile we generate rules for: inline indicator, `ratioMetric` of counters, Occurrences
 * over one rolling window, one objective. What is outside of it is an error, never ignored.
 * @throws SloError
 */
export function parseSlo(text: string, file: string): Slo {
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    throw new SloError(
      file,
      document.errors.map(({ message }) => `not readable as YAML: ${message.trimEnd()}`),
    );
  }
  const content: unknown = document.toJS();
  const result = schema.safeParse(content);
  if (!result.success) throw new SloError(file, result.error.issues.map(describe(content)));
  const { metadata, spec } = result.data;
  const { bad, total } = spec.indicator.spec.ratioMetric;
  return {
    name: metadata.name,
    displayName: metadata.displayName ?? metadata.name,
    description: spec.description,
    service: spec.service,
    target: spec.objectives[0].target,
    periodSeconds: spec.timeWindow[0].duration,
    sli: { counts: 'bad', events: [bad.metricSource.spec.query], total: [total.metricSource.spec.query] },
    groupBy: [],
    tiers,
    requestsPerSecond: metadata.annotations['firedrill.dev/requests-per-second'],
    runbook: metadata.annotations['firedrill.dev/runbook'],
    dashboard: dashboards.slo,
    team: 'backend',
  };
}

/** Lengths a month-like period can have without calendar arithmetic. */
const unitSeconds = { h: 3600, d: 86_400, w: 604_800 } as const;

const name = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and dashes');

const ratio = 'a ratio above 0 and at most 1, such as 0.995';

const duration = z
  .string()
  .regex(/^[1-9][0-9]*[hdw]$/, 'a duration in hours, days or weeks, such as 30d')
  .transform((text) => Number(text.slice(0, -1)) * unitSeconds[text.slice(-1) as keyof typeof unitSeconds]);

const counter = z.strictObject({
  metricSource: z.strictObject({
    type: z.literal('Prometheus'),
    spec: z.strictObject({
      query: z
        .string()
        .trim()
        .regex(
          /^[a-zA-Z_:][a-zA-Z0-9_:]*(\{[^{}]*\})?$/,
          'the selector of a counter, such as requests_total{status="500"}',
        ),
    }),
  }),
});

const schema = z.strictObject({
  apiVersion: z.literal('openslo/v1'),
  kind: z.literal('SLO'),
  metadata: z.strictObject({
    name,
    displayName: z.string().optional(),
    annotations: z.strictObject({
      'firedrill.dev/requests-per-second': z
        .string()
        .regex(/^[0-9]+(\.[0-9]+)?$/, 'a number in quotes')
        .transform(Number),
      'firedrill.dev/runbook': z.string().endsWith('.md', 'the path of a Markdown file'),
    }),
  }),
  spec: z.strictObject({
    description: z.string().min(1),
    service: name,
    indicator: z.strictObject({
      metadata: z.strictObject({ name, displayName: z.string().optional() }),
      spec: z.strictObject({
        ratioMetric: z.strictObject({ counter: z.literal(true), bad: counter, total: counter }),
      }),
    }),
    timeWindow: z.tuple([z.strictObject({ duration, isRolling: z.literal(true) })]),
    budgetingMethod: z.literal('Occurrences'),
    objectives: z.tuple([
      z.strictObject({ displayName: z.string().optional(), target: z.number(ratio).gt(0, ratio).lte(1, ratio) }),
    ]),
  }),
});

function describe(content: unknown) {
  return (issue: z.core.$ZodIssue): string => {
    const where = issue.path.map(pathStep).join('').replace(/^\./, '');
    if (issue.code === 'unrecognized_keys') {
      return `${issue.keys.map((key) => `${where}${where === '' ? '' : '.'}${key}`).join(', ')}: not supported here`;
    }
    const found = issue.path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)?.[key], content);
    const expected = issue.message.replace(/^Invalid input: expected (.*?)(, received .*)?$/, '$1');
    return `${where || 'the file'}: expected ${expected}, found ${found === undefined ? 'nothing' : JSON.stringify(found)}`;
  };
}

function pathStep(step: PropertyKey): string {
  if (typeof step === 'number') return `[${step}]`;
  return /^\w+$/.test(String(step)) ? `.${String(step)}` : `["${String(step)}"]`;
}
