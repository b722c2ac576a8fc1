import { metrics } from '#catalog/signals.ts';
import type { Slo } from '#observability/rules/slo.ts';
import { type BadRequests, type ClientObjective, clientLabels, type Matcher } from './objective.ts';

/**
 * What a client can tell of an SLO; undefined where only the servers know, as of the age of messages or of one replica. The only
 * place where limits of load tests come from: k6's thresholds are made of it.
 */
export function clientObjective(slo: Slo): ClientObjective | undefined {
  const [events, ...otherEvents] = slo.sli.events.map(parseSelector);
  const [total, ...otherTotals] = slo.sli.total.map(parseSelector);
  if (events === undefined || total === undefined || otherEvents.length + otherTotals.length > 0) return undefined;
  const bad = badRequests(slo, events, total);
  if (bad === undefined) return undefined;
  return {
    name: slo.name,
    displayName: slo.displayName,
    allowedBadRatio: Number((1 - slo.target).toFixed(10)),
    covers: total.matchers,
    bad,
  };
}

/** `load-tests/generated/objectives.json`, which k6 reads. Path from the root of the repository. */
export function generatedObjectives(slos: readonly Slo[]) {
  const objectives = slos.flatMap((slo) => clientObjective(slo) ?? []);
  return [
    { path: 'load-tests/generated/objectives.json', content: `${JSON.stringify(objectives, undefined, 2)}\n` },
  ] as const;
}

interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
  /** Upper edge of a bucket in seconds. */
  readonly edge?: number;
}

function badRequests({ sli }: Slo, events: Selector, total: Selector): BadRequests | undefined {
  const { edgeRequests, edgeRequestDuration: duration } = metrics;
  if (events.metric === edgeRequests && total.metric === edgeRequests) {
    return { kind: 'answered', matchers: events.matchers, not: sli.counts === 'good' };
  }
  const isLatency = events.metric === `${duration}_bucket` && total.metric === `${duration}_count`;
  if (!isLatency || events.edge === undefined || sli.counts === 'bad') return undefined;
  return { kind: 'slower', thanSeconds: events.edge };
}

/** Undefined when it selects by something that no client knows. */
function parseSelector(text: string): Selector | undefined {
  const [, metric, content = ''] = /^(\w+)(?:\{(.*)\})?$/.exec(text.trim()) ?? [];
  if (metric === undefined) return undefined;
  const written = [...content.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"\s*(?:,\s*|$)/g)];
  if (written.map(([whole]) => whole).join('') !== content.trim()) return undefined;
  const edge = written.find(([, label]) => label === 'le')?.[3];
  const matchers = written
    .filter(([, label]) => label !== 'le')
    .map(([, label, operator, value]) => ({ label, operator, value }) as Matcher);
  if (!matchers.every(({ label }) => clientLabels.includes(label))) return undefined;
  return { metric, matchers, ...(edge === undefined ? {} : { edge: Number(edge) }) };
}
