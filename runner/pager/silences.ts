import { z } from 'zod';
import { ask, askJson } from './ask.ts';
import type { Matcher } from './matcher.ts';

/** Alerts that fit all of its matchers are told to nobody while it is active. */
export interface Silence {
  readonly id: string;
  readonly matchers: readonly Matcher[];
  readonly endsAtMs: number;
  readonly by: string;
  readonly reason: string;
}

const service = 'alertmanager';

/** Alertmanager said no, in its own words. */
export class SilenceRefused extends Error {
  override readonly name = 'SilenceRefused';
}

/** Starts now; returns its id. @throws SilenceRefused */
export async function createSilence(alertmanagerUrl: string, silence: Omit<Silence, 'id'>, nowMs: number) {
  const { matchers, endsAtMs, by, reason } = silence;
  const response = await ask(service, `${alertmanagerUrl}/api/v2/silences`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      matchers,
      startsAt: new Date(nowMs).toISOString(),
      endsAt: new Date(endsAtMs).toISOString(),
      createdBy: by,
      comment: reason,
    }),
  });
  if (!response.ok) throw new SilenceRefused(z.string().parse(await response.json()));
  return createdSchema.parse(await response.json()).silenceID;
}

/** Those that are active, the first to end first. */
export async function activeSilences(alertmanagerUrl: string): Promise<readonly Silence[]> {
  const silences = silencesSchema.parse(await askJson(service, `${alertmanagerUrl}/api/v2/silences`));
  return silences
    .filter(({ status }) => status.state === 'active')
    .map(({ id, matchers, endsAt, createdBy, comment }) => ({
      id,
      matchers,
      endsAtMs: Date.parse(endsAt),
      by: createdBy,
      reason: comment,
    }))
    .sort((a, b) => a.endsAtMs - b.endsAtMs);
}

export async function endSilence(alertmanagerUrl: string, id: string): Promise<void> {
  const response = await ask(service, `${alertmanagerUrl}/api/v2/silence/${id}`, { method: 'DELETE' });
  if (!response.ok) throw new Error(`Alertmanager did not end the silence ${id}: it answered ${response.status}`);
}

const createdSchema = z.object({ silenceID: z.string() });

/** @source https://github.com/prometheus/alertmanager/blob/v0.31.1/api/v2/openapi.yaml */
const silencesSchema = z.array(
  z.object({
    id: z.string(),
    matchers: z.array(
      z.object({ name: z.string(), value: z.string(), isRegex: z.boolean(), isEqual: z.boolean().default(true) }),
    ),
    endsAt: z.iso.datetime({ offset: true }),
    createdBy: z.string(),
    comment: z.string(),
    status: z.object({ state: z.enum(['active', 'pending', 'expired']) }),
  }),
);
