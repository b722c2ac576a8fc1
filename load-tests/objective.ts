/** An objective as a client can tell it: of which requests it speaks, and which of them are bad. k6 reads it from `generated/objectives.json`. */
export interface ClientObjective {
  /** Name of the SLO. */
  readonly name: string;
  readonly displayName: string;
  /** 0..1: share of bad requests that is allowed. */
  readonly allowedBadRatio: number;
  /** All of them must hold of the request. */
  readonly covers: readonly Matcher[];
  readonly bad: BadRequests;
}

/** `slower`: answered later than that, in seconds. `answered`: all matchers hold of the answer; with `not` it is bad when they do not. */
export type BadRequests =
  | { readonly kind: 'slower'; readonly thanSeconds: number }
  | { readonly kind: 'answered'; readonly matchers: readonly Matcher[]; readonly not: boolean };

/** As in PromQL: a regular expression has to fit the whole value. */
export interface Matcher {
  readonly label: ClientLabel;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

export const clientLabels = ['method', 'route', 'status'] as const;
export type ClientLabel = (typeof clientLabels)[number];

export interface Asked {
  readonly method: string;
  /** Template. */
  readonly route: string;
  /** 0: no answer at all. */
  readonly status: number;
}

export interface Answered extends Asked {
  /** Until the last byte, in seconds. */
  readonly durationSeconds: number;
}

/** Who got no answer got no status that could keep a request out. */
export function covers({ covers: matchers }: ClientObjective, { method, route, status }: Asked): boolean {
  const labels = { method, route, status: String(status) };
  return matchers.every((matcher) => (matcher.label === 'status' && status === 0) || fits(matcher, labels));
}

/** A request that got no answer is bad, whatever the objective is about. */
export function isBad({ bad }: ClientObjective, { method, route, status, durationSeconds }: Answered): boolean {
  if (status === 0) return true;
  if (bad.kind === 'slower') return durationSeconds > bad.thanSeconds;
  const labels = { method, route, status: String(status) };
  return bad.matchers.every((matcher) => fits(matcher, labels)) !== bad.not;
}

function fits({ label, operator, value }: Matcher, labels: Readonly<Record<ClientLabel, string>>): boolean {
  const equal = operator.endsWith('~') ? pattern(value).test(labels[label]) : labels[label] === value;
  return equal !== operator.startsWith('!');
}

const patterns = new Map<string, RegExp>();

/** Made once: it is asked for with every request. */
function pattern(value: string): RegExp {
  const made = patterns.get(value) ?? new RegExp(`^(?:${value})$`);
  patterns.set(value, made);
  return made;
}
