import { z } from 'zod';
import { duration, groupLabel, listOf, name, numberText, selectors } from './values.ts';

/** OpenSLO cannot say everything that alerts need: the rest stands in annotations of this prefix. Those of others are left alone. */
const prefix = 'firedrill.dev/';

const spec = { description: z.string().optional() };

function metadata<Shape extends z.core.$ZodLooseShape>(annotations: Shape) {
  return z.strictObject({
    name,
    displayName: z.string().optional(),
    // For whoever sorts files by them: what alerts need stands in annotations.
    labels: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
    annotations: z
      .object(annotations)
      .catchall(z.string())
      .superRefine((found, context) => {
        const unknown = Object.keys(found).filter((key) => key.startsWith(prefix) && !(key in annotations));
        if (unknown.length > 0) context.addIssue({ code: 'unrecognized_keys', keys: unknown, input: found });
      })
      .optional(),
  });
}

const prometheus = z.string('"Prometheus"').regex(/^prometheus$/i, '"Prometheus"');

const counter = z.strictObject({
  metricSource: z
    .strictObject({
      type: prometheus.optional(),
      metricSourceRef: name.optional(),
      spec: z.strictObject({ query: selectors }),
    })
    .refine(({ type, metricSourceRef }) => type !== undefined || metricSourceRef !== undefined, {
      path: ['type'],
      message: '"Prometheus", or a metricSourceRef',
    }),
});

const indicator = z.strictObject({
  metadata: metadata({}),
  spec: z.strictObject({
    ...spec,
    ratioMetric: z
      .strictObject({ counter: z.literal(true), good: counter.optional(), bad: counter.optional(), total: counter })
      .refine(({ good, bad }) => (good === undefined) !== (bad === undefined), 'either good or bad'),
  }),
});

const condition = z.strictObject({
  metadata: metadata({ 'firedrill.dev/short-window': duration.optional() }),
  spec: z.strictObject({
    ...spec,
    severity: z.enum(['page', 'ticket']),
    condition: z.strictObject({
      kind: z.literal('burnrate'),
      op: z.literal('gt').default('gt'),
      threshold: z.number().gt(0, 'a burn rate above 0'),
      lookbackWindow: duration,
      alertAfter: z
        .string()
        .regex(/^0[mhdw]$/, '0m, because windows say how long it must last')
        .optional(),
    }),
  }),
});

const target = z.strictObject({
  metadata: metadata({}),
  spec: z.strictObject({ ...spec, target: z.string().min(1) }),
});

const service = z.strictObject({ metadata: metadata({}), spec: z.strictObject(spec) });

/** How to connect is the affair of the Prometheus that evaluates the rules. */
const dataSource = z.strictObject({
  metadata: metadata({}),
  spec: z.strictObject({ ...spec, type: z.string().min(1), connectionDetails: z.unknown().optional() }),
});

const policy = z.strictObject({
  metadata: metadata({}),
  spec: z.strictObject({
    ...spec,
    alertWhenNoData: z.literal(true).optional(),
    alertWhenResolved: z.literal(true).optional(),
    alertWhenBreaching: z.literal(true).optional(),
    conditions: z.tuple([named('conditionRef', 'AlertCondition', condition)]),
    notificationTargets: z.array(named('targetRef', 'AlertNotificationTarget', target)),
  }),
});

const ratio = 'a ratio above 0 and at most 1, such as 0.995';

const slo = z.strictObject({
  metadata: metadata({
    'firedrill.dev/requests-per-second': numberText.optional(),
    'firedrill.dev/buckets': listOf(numberText, 'numbers, separated by commas').optional(),
    'firedrill.dev/runbook': z
      .string()
      .regex(/^https?:\/\/\S+$|\.md$/, 'the path of a Markdown file, or a URL')
      .optional(),
    'firedrill.dev/dashboard': z
      .string()
      .regex(/^[\w-]{1,40}$/, 'the uid of a dashboard')
      .optional(),
    'firedrill.dev/team': name.optional(),
    'firedrill.dev/group-by': listOf(
      groupLabel,
      'names of labels, separated by commas, other than alertname, severity, team, le and sloth_…, which rules set',
    ).optional(),
  }),
  spec: z
    .strictObject({
      ...spec,
      service: name,
      indicator: indicator.optional(),
      indicatorRef: name.optional(),
      timeWindow: z.tuple([z.strictObject({ duration, isRolling: z.literal(true) })]),
      budgetingMethod: z.literal('Occurrences'),
      objectives: z.tuple([
        z.strictObject({ displayName: z.string().optional(), target: z.number(ratio).gt(0, ratio).lte(1, ratio) }),
      ]),
      alertPolicies: z
        .array(named('alertPolicyRef', 'AlertPolicy', policy))
        .min(1, 'at least one, or no list')
        .optional(),
    })
    .refine((found) => (found.indicator === undefined) !== (found.indicatorRef === undefined), {
      path: ['indicator'],
      message: 'either indicator or indicatorRef',
    }),
});

/** The kinds of object that are understood, as they stand in a document of their own. */
export const schemas = {
  SLO: document('SLO', slo),
  SLI: document('SLI', indicator),
  AlertPolicy: document('AlertPolicy', policy),
  AlertCondition: document('AlertCondition', condition),
  AlertNotificationTarget: document('AlertNotificationTarget', target),
  Service: document('Service', service),
  DataSource: document('DataSource', dataSource),
} as const;

export type Kind = keyof typeof schemas;
export type OpenSlo<K extends Kind> = z.output<(typeof schemas)[K]>;
function document<K extends string, Shape extends z.core.$ZodShape>(kind: K, { shape }: z.ZodObject<Shape>) {
  return z.strictObject({ apiVersion: z.literal('openslo/v1'), kind: z.literal(kind), ...shape });
}

/** An object that stands where it is used, or the name of one that stands elsewhere. */
function named<Key extends string, Shape extends z.core.$ZodShape>(
  key: Key,
  kind: string,
  { shape }: z.ZodObject<Shape>,
) {
  const reference = z.strictObject({ [key]: name } as Record<Key, typeof name>);
  const inline = z.strictObject({ apiVersion: z.literal('openslo/v1').optional(), kind: z.literal(kind), ...shape });
  return z.unknown().transform((value, context) => {
    const isReference = typeof value === 'object' && value !== null && key in value;
    const result = (isReference ? reference : inline).safeParse(value);
    if (result.success) return result.data as Readonly<Record<Key, string>> | z.output<typeof inline>;
    context.issues.push(...result.error.issues.map((issue) => ({ ...issue, input: value }) as z.core.$ZodRawIssue));
    return z.NEVER;
  });
}
