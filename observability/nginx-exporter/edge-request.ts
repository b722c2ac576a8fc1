import { type EdgeLogLine, methods, otherMethod } from '#catalog/signals.ts';
import { routeTemplate } from './route-template.ts';

/** What the access log tells of one request. No field but those of the line takes a value a client can choose. */
export interface EdgeRequest {
  readonly line: Line;
  readonly method: string;
  readonly route: string;
}

const strings = ['method', 'path', 'upstream_address', 'trace_id', 'span_id', 'trace_flags', 'parent_span_id'] as const;
const numbers = ['time', 'status', 'duration_seconds'] as const;

type Line = Pick<EdgeLogLine, (typeof strings)[number] | (typeof numbers)[number]>;

/** Undefined when the text is no line of the access log. */
export function readEdgeRequest(text: string): EdgeRequest | undefined {
  const line = parse(text);
  if (line === undefined) return undefined;
  return {
    line,
    method: methods.has(line.method) ? line.method : otherMethod,
    route: routeTemplate(line.path),
  };
}

function parse(text: string): Line | undefined {
  try {
    const line = JSON.parse(text) as Partial<Line>;
    const readable =
      strings.every((name) => typeof line[name] === 'string') &&
      numbers.every((name) => typeof line[name] === 'number');
    return readable ? (line as Line) : undefined;
  } catch {
    return undefined;
  }
}
