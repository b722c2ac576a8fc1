import { metrics } from '#catalog/signals.ts';
import type { Slo } from '#observability/rules/slo.ts';
import { type BadRequests, type ClientLabel, type ClientObjective, clientLabels, type Matcher } from './objective.ts';

/**
 * What a client can tell of an SLO; undefined where only the servers know, as of the age of messages or of one replica. The only
 * place where limits of load tests come from: k6's thresholds are made of it.
 */
export function clientObjective(slo: Slo): ClientObjective | undefined {
  const selectors = selectorsOf(slo);
  if (selectors === undefined) return undefined;
  const bad = badRequests(slo, selectors);
  return bad && { ...namesAndLimit(slo), covers: selectors.total.matchers, bad };
}

/**
 * The same of any service: labels that mean method, route or status by one of their usual names are what a client knows; the others
 * say which service it is. `undefined` where bad ones are told by something else.
 */
export function foreignObjective(slo: Slo): ClientObjective | undefined {
  const selectors = selectorsOf(slo, meaningOf);
  if (selectors === undefined) return undefined;
  const { events, total } = selectors;
  const own = events.matchers.filter((matcher) => !total.matchers.some((other) => sameMatcher(matcher, other)));
  const bad = foreignBadRequests(slo, events, own);
  return bad && { ...namesAndLimit(slo), covers: total.matchers, bad };
}

/** `load-tests/generated/objectives.json`, which k6 reads. Path from the root of the repository. */
export function generatedObjectives(slos: readonly Slo[]) {
  const objectives = slos.flatMap((slo) => clientObjective(slo) ?? []);
  return [
    { path: 'load-tests/generated/objectives.json', content: `${JSON.stringify(objectives, undefined, 2)}\n` },
  ] as const;
}

function namesAndLimit({ name, displayName, target }: Slo) {
  return { name, displayName, allowedBadRatio: Number((1 - target).toFixed(10)) };
}

/** What a label means to a client. */
type Meaning = (label: string) => ClientLabel | undefined;

interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
  /** Upper edge of a bucket in seconds. */
  readonly edge?: number;
}

interface Selectors {
  readonly events: Selector;
  readonly total: Selector;
}

/** Of an SLI that counts one metric of all and one of some; undefined of any other. */
function selectorsOf({ sli }: Slo, meaning?: Meaning): Selectors | undefined {
  const [events, ...otherEvents] = sli.events.map((text) => parseSelector(text, meaning));
  const [total, ...otherTotals] = sli.total.map((text) => parseSelector(text, meaning));
  if (events === undefined || total === undefined || otherEvents.length + otherTotals.length > 0) return undefined;
  return { events, total };
}

function badRequests({ sli }: Slo, { events, total }: Selectors): BadRequests | undefined {
  const { edgeRequests, edgeRequestDuration: duration } = metrics;
  if (events.metric === edgeRequests && total.metric === edgeRequests) {
    return { kind: 'answered', matchers: events.matchers, not: sli.counts === 'good' };
  }
  const isLatency = events.metric === `${duration}_bucket` && total.metric === `${duration}_count`;
  if (!isLatency || events.edge === undefined || sli.counts === 'bad') return undefined;
  return { kind: 'slower', thanSeconds: events.edge };
}

function foreignBadRequests({ sli }: Slo, events: Selector, own: readonly Matcher[]): BadRequests | undefined {
  if (events.edge !== undefined) {
    return sli.counts === 'good' && own.length === 0 ? { kind: 'slower', thanSeconds: events.edge } : undefined;
  }
  const byStatus = own.length > 0 && own.every(({ label }) => label === 'status');
  return byStatus ? { kind: 'answered', matchers: own, not: sli.counts === 'good' } : undefined;
}

function sameMatcher(one: Matcher, other: Matcher): boolean {
  return one.label === other.label && one.operator === other.operator && one.value === other.value;
}

/** As exporters and frameworks call them. */
const usualNames: Readonly<Record<ClientLabel, readonly string[]>> = {
  method: ['method', 'http_method', 'http_request_method', 'request_method', 'verb'],
  route: ['route', 'http_route', 'path', 'uri', 'handler', 'endpoint', 'url_path', 'request_path'],
  status: [
    'status',
    'code',
    'status_code',
    'http_status',
    'http_status_code',
    'http_response_status_code',
    'response_code',
  ],
};

function meaningOf(label: string): ClientLabel | undefined {
  return clientLabels.find((meaning) => usualNames[meaning].includes(label));
}

/** Undefined when it selects by something that no client knows; with meanings, what has none is left out. */
function parseSelector(text: string, meaning?: Meaning): Selector | undefined {
  const [, metric, content = ''] = /^(\w+)(?:\{(.*)\})?$/.exec(text.trim()) ?? [];
  if (metric === undefined) return undefined;
  const written = [...content.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"\s*(?:,\s*|$)/g)];
  if (written.map(([whole]) => whole).join('') !== content.trim()) return undefined;
  const edge = written.find(([, label]) => label === 'le')?.[3];
  const matchers = written
    .filter(([, label]) => label !== 'le')
    .map(([, label = '', operator, value]) => ({ label: meaning ? meaning(label) : label, operator, value }) as Matcher)
    .filter(({ label }) => label !== undefined);
  if (!matchers.every(({ label }) => clientLabels.includes(label))) return undefined;
  return { metric, matchers, ...(edge === undefined ? {} : { edge: Number(edge) }) };
}
