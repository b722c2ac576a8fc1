import type { DashboardJson, PanelJson, TargetJson, VariableJson } from '../lint.ts';
import { selectedSeries } from '../promql.ts';

/** One thing a dashboard asks one of its data sources, with its variables filled in. */
export interface Question {
  /** Where it is asked. */
  readonly name: string;
  readonly ask: Ask;
}

export type Ask =
  | { readonly kind: 'promql'; readonly query: string }
  | { readonly kind: 'series'; readonly selector: string }
  | { readonly kind: 'logql'; readonly query: string }
  | { readonly kind: 'traces'; readonly search: TraceSearch }
  | { readonly kind: 'labels'; readonly series: string; readonly label: string }
  | { readonly kind: 'rules' };

export interface TraceSearch {
  readonly service: string;
  /** logfmt */
  readonly tags?: string;
  readonly minDuration?: string;
}

/** What Grafana would put for its own variables, looking at the last minute of a stack that is scraped every second. */
const builtIn: Readonly<Record<string, string>> = {
  __rate_interval: '5s',
  __range: '60s',
  __interval: '1s',
  __interval_ms: '1000',
};

/** All that a dashboard asks when it is opened. */
export function questionsOf(dashboard: DashboardJson): readonly Question[] {
  const { title, panels, templating, annotations } = dashboard;
  const fill = filler(templating.list);
  const named = (name: string, ask: Ask): Question => ({ name: `${title}: ${name}`, ask });
  return [
    ...templating.list.flatMap((variable) => ofVariable(variable, fill).map((ask) => named(`$${variable.name}`, ask))),
    ...annotations.list.map(({ name, target }) => named(name, { kind: 'promql', query: fill(target?.expr ?? '') })),
    ...panels.flatMap((panel) =>
      ofPanel(panel, fill).map((ask, index) => named(`${panel.title}, query ${String.fromCharCode(65 + index)}`, ask)),
    ),
  ];
}

/**
 * Everything that any query of a dashboard selects, each once. Asked for by itself, because a query that shows 0 where
 * there is nothing would show it for a name that nobody ever told.
 */
export function selectorsOf({ panels, templating }: DashboardJson): readonly Question[] {
  const fill = filler(templating.list);
  const selectors = panels
    .flatMap(({ targets = [] }) => targets)
    .filter(({ datasource }) => datasource?.type === 'prometheus')
    .flatMap(({ expr = '' }) => selectedSeries(fill(expr)))
    .map(({ metric, matchers }) => `${metric}{${matchers}}`);
  return [...new Set(selectors)]
    .filter((selector) => !bornOfFailure.test(selector))
    .map((selector) => ({ name: selector, ask: { kind: 'series', selector } }));
}

/** Told of only once it happened, and it happens only to a machine that is too busy to be measured. */
const bornOfFailure = /^k6_dropped_iterations_total\{/;

type Fill = (text: string) => string;

function ofVariable({ type, query }: VariableJson, fill: Fill): readonly Ask[] {
  if (type !== 'query' || typeof query !== 'object') return [];
  const [, series = '', label = ''] = /^label_values\((.*), (\w+)\)$/s.exec(query.query) ?? [];
  return [{ kind: 'labels', series: fill(series), label }];
}

function ofPanel({ type, targets = [] }: PanelJson, fill: Fill): readonly Ask[] {
  if (type === 'alertlist') return [{ kind: 'rules' }];
  return targets.map((target): Ask => {
    switch (target.datasource?.type) {
      case 'prometheus':
        return { kind: 'promql', query: fill(target.expr ?? '') };
      case 'loki':
        return { kind: 'logql', query: fill(target.expr ?? '') };
      case 'jaeger':
        return { kind: 'traces', search: target as TargetJson & TraceSearch };
      default:
        throw new Error(`a query of an unknown data source: ${JSON.stringify(target)}`);
    }
  });
}

function filler(variables: readonly VariableJson[]): Fill {
  const values = new Map(Object.entries(builtIn));
  for (const { name, allValue = '', current } of variables) {
    const chosen = [current?.value ?? []].flat().join('|');
    values.set(name, chosen === '$__all' ? allValue : chosen);
  }
  return (text) =>
    text.replaceAll(/\$(?:\{(\w+)(?::\w+)?\}|([a-zA-Z_]\w*))/g, (_, braced?: string, bare?: string) => {
      const value = values.get(braced ?? bare ?? '');
      if (value === undefined) throw new Error(`no value for $${braced ?? bare} in ${text}`);
      return value;
    });
}
