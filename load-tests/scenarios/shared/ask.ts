import { check } from 'k6';
import http, { type RefinedParams, type RefinedResponse, type ResponseType } from 'k6/http';
import { routes } from '../../../catalog/signals.ts';
import { noteLateness } from './lateness.ts';
import { countForObjectives } from './objectives.ts';
import { settings } from './settings.ts';

type Row = (typeof routes)[number];
/** Such as `GET /api/backend/data/:id`. */
export type RouteName = `${Row['method']} ${Row['route']}`;
export type Response = RefinedResponse<ResponseType | undefined>;

export interface Question {
  readonly route: RouteName;
  /** With query; the route's own when absent. */
  readonly path?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Whether the body of the answer is what was asked for; it throws where it is no JSON. */
  readonly fits: (response: Response) => boolean;
}

/** Asks, and counts the answer. Undefined when it is not what was asked for. */
export function ask(question: Question): Response | undefined {
  noteLateness();
  const { method, url, body, params } = sent(question);
  return seen(question, http.request(method, url, body, params));
}

/** The same of several at once. */
export function askAll(questions: readonly Question[]): readonly (Response | undefined)[] {
  noteLateness();
  const responses = http.batch(questions.map(sent));
  return questions.map((question, index) => seen(question, responses[index] as Response));
}

function sent({ route, path, headers, body }: Question) {
  const { method, route: template } = rowOf(route);
  return {
    method,
    url: `${settings.targetUrl}${path ?? template}`,
    body: body === undefined ? null : JSON.stringify(body),
    params: {
      headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      tags: { name: template },
      timeout: `${settings.timeoutSeconds}s`,
    } satisfies RefinedParams<ResponseType | undefined>,
  };
}

function seen({ route, fits }: Question, response: Response): Response | undefined {
  const { method, route: template, success } = rowOf(route);
  const { status, timings } = response;
  countForObjectives({ method, route: template, status, durationSeconds: timings.duration / 1000 });
  const isGood = check(response, {
    [`${route}: status ${success}`]: () => status === success,
    [`${route}: the right body`]: () => status === success && holds(fits, response),
  });
  return isGood ? response : undefined;
}

function holds(fits: Question['fits'], response: Response): boolean {
  try {
    return fits(response);
  } catch {
    return false;
  }
}

const rows = new Map<string, Row>(routes.map((row) => [`${row.method} ${row.route}`, row]));

function rowOf(route: RouteName): Row {
  const row = rows.get(route);
  if (row === undefined) throw new Error(`route: the catalog has none ${route}`);
  return row;
}
