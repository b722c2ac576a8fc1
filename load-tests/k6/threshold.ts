/** A threshold of a k6 script, such as `p(95)<500` of `http_req_duration{name:cart}`. */
export interface Threshold {
  /** As the script has it: metric, colon, expression. */
  readonly name: string;
  readonly metric: string;
  /** Only samples that have all of these are meant. */
  readonly tags: ReadonlyMap<string, string>;
  readonly aggregation: Aggregation;
  readonly operator: Operator;
  readonly value: number;
  /** The run is to end when it is crossed, after so many seconds at the earliest. */
  readonly abortAfterSeconds?: number;
}

export type Aggregation = (typeof aggregations)[number] | { readonly percentile: number };
export type Operator = (typeof operators)[number];

const aggregations = ['count', 'rate', 'value', 'avg', 'min', 'max', 'med'] as const;
/** Those that others begin with stand behind them. */
const operators = ['<=', '<', '>=', '>', '===', '==', '!='] as const;

/**
 * @throws RangeError that names the metric, the expression and what was expected
 * @source https://github.com/grafana/k6/blob/v1.8.1/metrics/thresholds_parser.go
 */
export function parseThreshold(of: string, expression: string, abortAfterSeconds?: number): Threshold {
  const operator = operators.find((known) => (expression.split(known)[1] ?? '') !== '');
  const [left = '', ...rest] = expression.split(operator ?? '<');
  const right = rest.join(operator).trim();
  const aggregation = aggregationOf(left.trim());
  const refuse = (expected: string): never => {
    throw new RangeError(`thresholds of ${of}: expected ${expected} (got "${expression}")`);
  };
  if (operator === undefined) return refuse('an aggregation, an operator and a number, such as p(95)<500');
  if (aggregation === undefined) return refuse(`one of ${aggregations.join(', ')}, p(number) before ${operator}`);
  if (right === '' || !Number.isFinite(Number(right))) return refuse(`a number after ${operator}`);
  return {
    name: `${of}: ${expression}`,
    ...metricOf(of),
    aggregation,
    operator,
    value: Number(right),
    ...(abortAfterSeconds === undefined ? {} : { abortAfterSeconds }),
  };
}

function aggregationOf(text: string): Aggregation | undefined {
  const [, percentile] = /^p\((\d+(?:\.\d+)?)\)$/.exec(text) ?? [];
  if (percentile !== undefined && Number(percentile) <= 100) return { percentile: Number(percentile) };
  return aggregations.find((known) => known === text);
}

/** @source https://github.com/grafana/k6/blob/v1.8.1/metrics/metric.go: AddSubmetric */
function metricOf(text: string): Pick<Threshold, 'metric' | 'tags'> {
  const [, metric = text, criteria = ''] = /^([^{]*)\{(.*)\}$/.exec(text) ?? [];
  const tags = criteria.split(',').filter((tag) => tag !== '');
  return {
    metric,
    tags: new Map(
      tags.map((tag) => {
        const [key = '', ...value] = tag.split(':');
        return [unquoted(key), unquoted(value.join(':'))];
      }),
    ),
  };
}

function unquoted(text: string): string {
  return text.trim().replace(/^["']+|["']+$/g, '');
}
