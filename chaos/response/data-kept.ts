import { createHash } from 'node:crypto';
import { z } from 'zod';
import { metrics } from '#catalog/signals.ts';
import { seeded } from '#catalog/stores.ts';
import { poll } from '../engine/clock.ts';
import type { DrillRun } from '../engine/drill-run.ts';
import { entriesOf } from '../engine/ledger.ts';
import type { Promised, Stored } from '../engine/response-events.ts';
import { countLines } from '../probes/loki-client.ts';
import { queryValue } from '../probes/prometheus-client.ts';

const patienceMs = 10_000;
/** The log is whole up to here: what was promised later is not asked for. */
const lateMs = 10_000;
const rowsPerPage = 1000;

/** Writes down what is stored and, once there has been load, what users were told is stored. Nothing, when the stack does not answer. */
export async function recordData({ target, ledger, clock, signal }: DrillRun): Promise<void> {
  const { edge } = target.urls;
  const look = () => storedAt(edge, signal).catch(() => signal.throwIfAborted());
  const stored = await poll(async () => (await look()) || undefined, { clock, signal, timeoutMs: patienceMs });
  if (stored === undefined) return;
  const [load] = entriesOf(ledger.entries, 'load-started');
  const promised = load && (await promisedSince(load.atMs));
  ledger.append({ event: 'data', stored, ...(promised ? { promised } : {}) }, 'edge');

  /** What is not known was not promised: a log or a metric that is lost accuses nobody. */
  async function promisedSince(fromMs: number): Promise<Promised> {
    const { loki, prometheus } = target.urls;
    const nowMs = clock.nowMs();
    const count = async (selector: string, toMs: number): Promise<number> => {
      const counts = await countLines(loki, `{service_name="nginx"} | ${selector}`, [], { fromMs, toMs }, signal);
      return counts[0]?.count ?? 0;
    };
    const [added, removed, sent] = await Promise.all([
      count('method="POST" | path="/api/backend/data" | status=201', nowMs - lateMs),
      count('method="DELETE" | path=~"/api/backend/data/.+"', nowMs),
      count('method="POST" | path="/api/backend/queue" | status=202', nowMs - lateMs),
    ]).catch(() => [0, 0, 0] as const);
    const seconds = Math.ceil((nowMs - fromMs) / 1000);
    const byReplicas = `max_over_time(sum(${metrics.queueAccepted})[${seconds}s:1s])`;
    const accepted = (await queryValue(prometheus, byReplicas, signal).catch(() => undefined)) ?? 0;
    return { rows: Math.max(0, added - removed), messages: Math.max(sent, accepted) };
  }
}

async function storedAt(edge: string, signal: AbortSignal): Promise<Stored> {
  const ask = async (path: string): Promise<unknown> => {
    const response = await fetch(`${edge}/api/backend/${path}`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
    });
    if (!response.ok) throw new Error(`${path} was answered with ${response.status}`);
    return await response.json();
  };
  const digest = createHash('sha256');
  let added = 0;
  for (let offset = 0, isLast = false; !isLast; offset += rowsPerPage) {
    const rows = rowsSchema.parse(await ask(`data?limit=${rowsPerPage}&offset=${offset}&nocache`));
    for (const row of rows) {
      if (row.id <= seeded.rows) digest.update(JSON.stringify(row));
      else added += 1;
    }
    isLast = rows.length < rowsPerPage;
  }
  const accounts = accountsSchema.parse(await ask('queue'));
  const sum = (of: (account: (typeof accounts)[number]) => number) =>
    accounts.reduce((total, account) => total + of(account), 0);
  return {
    digest: digest.digest('hex'),
    addedRows: added,
    accepted: sum((account) => account.accepted),
    accountedFor: sum(({ processed, pending, dead_lettered, purged }) => processed + pending + dead_lettered + purged),
  };
}

const rowsSchema = z.array(z.looseObject({ id: z.int() }));
const accountsSchema = z.array(
  z.object({
    accepted: z.int(),
    processed: z.int(),
    pending: z.int(),
    dead_lettered: z.int(),
    purged: z.int(),
  }),
);
