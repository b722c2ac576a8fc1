import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Drill } from '../engine/drill.ts';
import type { DrillRun } from '../engine/drill-run.ts';
import { entriesOf } from '../engine/ledger.ts';
import type { Target } from '../engine/target.ts';
import { controlClient } from '../faults/control-client.ts';

/** Two clocks that only disagree when somebody sets one. */
export interface Clocks {
  wallMs(): number;
  steadyMs(): number;
}

export const systemClocks: Clocks = { wallMs: () => Date.now(), steadyMs: () => performance.now() };

const lookEveryMs = 2000;
const patienceMs = 2000;
const tellFromMs = 1000;

/** What is watched so that a drill cannot be won by changing what measures it. */
export interface Guards {
  /** Looks once more and ends. */
  stop(): Promise<void>;
}

/** Looks at once, and again and again: what somebody put back in time is seen, too. The stack was made for the drill: any silence is somebody's. */
export async function watchGuards(drill: Drill, run: DrillRun, clocks: Clocks): Promise<Guards> {
  const { target, ledger } = run;
  const over = new AbortController();
  const apart = clocks.wallMs() - clocks.steadyMs();
  const known = new Set<string>();
  const counted = new Map<string, number>();
  // As it was when the stack had come up: whoever changes it before it begins is seen, too.
  let digest = entriesOf(ledger.entries, 'rules').at(-1)?.digest;

  const look = async (isLast = false): Promise<void> => {
    const shiftMs = Math.round(clocks.wallMs() - clocks.steadyMs() - apart);
    const told = entriesOf(ledger.entries, 'clock').length > 0;
    if (isLast || (Math.abs(shiftMs) > tellFromMs && !told)) ledger.append({ event: 'clock', shiftMs });
    await Promise.all([
      lookAtRules(isLast),
      lookAtSilences(),
      lookAtCalls('Toxiproxy', 'toxiproxy', target.strangersOnWays),
    ]);
  };
  await Promise.all([look(), ...target.replicas.map(({ name }) => lookAtPort(name))]);
  const listening = target.replicas.map(({ name }) => listen(name));
  const looking = (async () => {
    for (;;) {
      await run.clock.sleep(lookEveryMs, AbortSignal.any([over.signal, run.signal]));
      await look();
    }
  })();
  looking.catch(() => undefined);
  return {
    stop: async () => {
      over.abort();
      await Promise.allSettled([looking, ...listening]);
      await Promise.all([look(true), ...target.replicas.map(({ name }) => lookAtPort(name))]);
    },
  };

  async function lookAtRules(isLast: boolean): Promise<void> {
    const now = await rulesDigest(target.urls).catch(() => undefined);
    if (now === undefined || (now === digest && !isLast)) return;
    digest = now;
    ledger.append({ event: 'rules', digest: now }, 'prometheus');
  }

  async function lookAtSilences(): Promise<void> {
    const alerts = new Set([
      ...drill.expect.mustFire.map(({ alert }) => alert),
      ...entriesOf(ledger.entries, 'notified').map(({ alert }) => alert),
    ]);
    for (const silence of await silences(target.urls.alertmanager).catch(() => [])) {
      const muted = [...alerts].filter((alert) => silence.mutes(alert));
      if (known.has(silence.id) || muted.length === 0) continue;
      known.add(silence.id);
      ledger.append({ event: 'silenced', id: silence.id, alerts: muted, by: silence.by }, 'alertmanager');
    }
  }

  /** Hears of each call as it is made: a moment later the replica may be gone, and its count with it. */
  async function listen(replica: string): Promise<void> {
    const signal = AbortSignal.any([over.signal, run.signal]);
    while (!signal.aborted) {
      const heard = await lookAtPort(replica, (count) =>
        controlClient(target.control(replica), signal).strangersBeyond(count),
      );
      if (!heard) await run.clock.sleep(lookEveryMs, signal).catch(() => undefined);
    }
  }

  function lookAtPort(replica: string, count?: (known: number) => Promise<number>): Promise<boolean> {
    const now = () => controlClient(target.control(replica), run.signal).strangers();
    return lookAtCalls(`the control port of ${replica}`, `${replica} control port`, count ?? now);
  }

  /** Whether there was one more; of one that is away nobody knows. */
  async function lookAtCalls(at: string, source: string, count: (known: number) => Promise<number>): Promise<boolean> {
    const strangers = await count(counted.get(at) ?? 0).catch(() => undefined);
    if (strangers === undefined) return false;
    const isMore = strangers > (counted.get(at) ?? 0);
    if (isMore) ledger.append({ event: 'control-access', method: 'any', admitted: true, at }, source);
    counted.set(at, strangers);
    return isMore;
  }
}

/** Writes down what the rules and routes are, for what is watched from then on to be compared with. @throws when they cannot be read */
export async function recordRules({ target, ledger }: DrillRun): Promise<void> {
  ledger.append({ event: 'rules', digest: await rulesDigest(target.urls) }, 'prometheus');
}

/** Digest of the rules that Prometheus has loaded, without what they are doing, and of what Alertmanager does with alerts. */
async function rulesDigest({ prometheus, alertmanager }: Target['urls']): Promise<string> {
  const { data } = rulesSchema.parse(await askJson(`${prometheus}/api/v1/rules`));
  const { config } = statusSchema.parse(await askJson(`${alertmanager}/api/v2/status`));
  const groups = data.groups.toSorted((a, b) => `${a.file} ${a.name}`.localeCompare(`${b.file} ${b.name}`));
  return createHash('sha256')
    .update(JSON.stringify([groups, config.original]))
    .digest('hex');
}

const words = z.record(z.string(), z.string()).optional();

/** @source https://prometheus.io/docs/prometheus/latest/querying/api/#rules */
const rulesSchema = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        name: z.string(),
        file: z.string(),
        interval: z.number(),
        rules: z.array(
          z.object({
            name: z.string(),
            query: z.string(),
            duration: z.number().optional(),
            keepFiringFor: z.number().optional(),
            labels: words,
            annotations: words,
          }),
        ),
      }),
    ),
  }),
});

/** @source https://github.com/prometheus/alertmanager/blob/v0.31.1/api/v2/openapi.yaml */
const statusSchema = z.object({ config: z.object({ original: z.string() }) });

interface Silence {
  readonly id: string;
  readonly by: string;
  mutes(alert: string): boolean;
}

/** Also those that have ended already. */
async function silences(alertmanagerUrl: string): Promise<readonly Silence[]> {
  const found = silencesSchema.parse(await askJson(`${alertmanagerUrl}/api/v2/silences`));
  return found.map(({ id, createdBy, matchers }) => ({
    id,
    by: createdBy,
    // What else it asks for is not looked at: of an alert that has paged, one series is enough.
    mutes: (alert) =>
      matchers
        .filter(({ name }) => name === 'alertname')
        .every(({ value, isRegex, isEqual }) => {
          const fits = isRegex ? fitsPattern(value, alert) : value === alert;
          return fits === undefined || fits === isEqual;
        }),
  }));
}

/** Undefined of what Alertmanager's RE2 takes and this language does not, such as `(?i)edge.*`: nobody needs that to silence something else. */
function fitsPattern(pattern: string, alert: string): boolean | undefined {
  try {
    return new RegExp(`^(?:${pattern})$`).test(alert);
  } catch {
    return undefined;
  }
}

/** @source https://github.com/prometheus/alertmanager/blob/v0.31.1/api/v2/openapi.yaml */
const silencesSchema = z.array(
  z.object({
    id: z.string(),
    createdBy: z.string(),
    matchers: z.array(
      z.object({ name: z.string(), value: z.string(), isRegex: z.boolean(), isEqual: z.boolean().default(true) }),
    ),
  }),
);

async function askJson(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return await response.json();
}
