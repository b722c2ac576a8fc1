import { z } from 'zod';
import { channelOf } from '#catalog/alerting.ts';

const labels = z.record(z.string(), z.string());

/**
 * What Alertmanager sends.
 * @source https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
export const deliverySchema = z.object({
  receiver: z.string(),
  alerts: z.array(
    z.object({
      status: z.enum(['firing', 'resolved']),
      fingerprint: z.string(),
      startsAt: z.iso.datetime({ offset: true }),
      labels,
      annotations: labels.default({}),
    }),
  ),
});

/** What `firedrill ack` sends: who takes every incident of this alert with these labels, and for how long. */
export const acknowledgementSchema = z.object({
  alert: z.string(),
  labels,
  by: z.string(),
  forSeconds: z.number().positive(),
});

/** What the pager answers to everybody who asks: the incidents it is about. */
export const incidentsSchema = z.array(
  z.object({
    fingerprint: z.string(),
    labels,
    channel: z.string(),
    receivers: z.array(z.string()),
    openedAtMs: z.number(),
    escalated: z.boolean(),
    acknowledged: z.object({ by: z.string(), atMs: z.number(), untilMs: z.number() }).optional(),
  }),
);

/** What people are told, as a pager that is a service of its own writes it. */
const pageSchema = z.object({
  receivedAtMs: z.number(),
  status: z.enum(['firing', 'escalated', 'acknowledged', 'resolved']),
  alert: z.string(),
  subject: z.string(),
  severity: z.string(),
  channel: z.enum(Object.values(channelOf)),
  receivers: z.array(z.string()),
  labels,
  runbook: z.string(),
  by: z.string().exactOptional(),
});

/** Undefined when the line is something else. */
export function parsePage(line: string): z.infer<typeof pageSchema> | undefined {
  try {
    return pageSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
