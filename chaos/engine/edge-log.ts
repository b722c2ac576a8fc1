import { timeouts } from '#catalog/timeouts.ts';
import { countLines, firstLine, greatestOf } from '../probes/loki-client.ts';
import type { Target } from './target.ts';

/** What users got in some period, counted from nginx's access log in Loki. */
export interface EdgeCounts {
  readonly requests: number;
  readonly badRequests: number;
  /** Requests by the replica that answered them. */
  readonly byReplica: Readonly<Record<string, number>>;
}

/** LogQL: a request that a user saw fail. */
export const serverError = 'status >= 500';

const apiRequests = '{service_name="nginx"} | path=~"/api/.*"';

/** Share of the API requests in (fromMs, toMs] that match `bad`. */
export async function badRatio(
  target: Target,
  bad: string,
  [fromMs, toMs]: readonly [number, number],
  signal: AbortSignal,
): Promise<number> {
  const count = async (selector: string) =>
    (await countLines(target.urls.loki, selector, [], { fromMs, toMs }, signal))[0]?.count ?? 0;
  const [requests, badRequests] = await Promise.all([count(apiRequests), count(`${apiRequests} | ${bad}`)]);
  return requests === 0 ? 0 : badRequests / requests;
}

/** Counts the API requests in (fromMs, toMs]. */
export async function edgeCounts(
  target: Target,
  fromMs: number,
  toMs: number,
  signal: AbortSignal,
): Promise<EdgeCounts> {
  const period = { fromMs, toMs };
  const counts = await countLines(target.urls.loki, apiRequests, ['status', 'upstream_address'], period, signal);
  const byReplica: Record<string, number> = {};
  for (const { labels, count } of counts) {
    const name = replicaOf(target, labels.upstream_address ?? '');
    byReplica[name] = (byReplica[name] ?? 0) + count;
  }
  const sum = (of: typeof counts) => of.reduce((total, { count }) => total + count, 0);
  return {
    requests: sum(counts),
    badRequests: sum(counts.filter(({ labels }) => Number(labels.status) >= 500)),
    byReplica,
  };
}

/** The first API request in the period that a user saw fail. */
export async function firstBadRequest(target: Target, fromMs: number, toMs: number, signal: AbortSignal) {
  const line = await firstLine(target.urls.loki, `${apiRequests} | ${serverError}`, { fromMs, toMs }, signal);
  if (!line) return undefined;
  return {
    atMs: line.atMs,
    status: Number(line.labels.status),
    upstream: replicaOf(target, line.labels.upstream_address ?? ''),
  };
}

/** How long the slowest API request took of those that ended from then until clients had to give up, in seconds. */
export async function slowestRequest(
  target: Target,
  fromMs: number,
  toMs: number,
  signal: AbortSignal,
): Promise<number> {
  const period = { fromMs, toMs: Math.min(Date.now(), toMs + 1000 * timeouts.clientSeconds) };
  const slowest = await greatestOf(target.urls.loki, apiRequests, 'duration_seconds', period, signal);
  return Math.min(slowest ?? 0, timeouts.clientSeconds);
}

/** nginx lists every replica it tried; the last one answered. */
function replicaOf(target: Target, upstreamAddress: string): string {
  const last = upstreamAddress.slice(upstreamAddress.lastIndexOf(' ') + 1);
  return target.replicas.find(({ address }) => address === last)?.name ?? 'nginx itself';
}
