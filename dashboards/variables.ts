import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Job } from '#catalog/services.ts';

/** Where a dashboard's numbers, lines and traces come from; named in every query. */
export const datasources = {
  prometheus: { type: 'prometheus', uid: '${datasource}' },
  loki: { type: 'loki', uid: '${loki_datasource}' },
  jaeger: { type: 'jaeger', uid: '${jaeger_datasource}' },
} as const;

export type Variable = DatasourceVariableBuilder | QueryVariableBuilder;

export function datasourceVariables(): readonly Variable[] {
  const variable = (name: string, label: string, type: string, text: string) =>
    new DatasourceVariableBuilder(name).label(label).type(type).current({ selected: true, text, value: type });
  return [
    variable('datasource', 'Data source', 'prometheus', 'Prometheus'),
    variable('loki_datasource', 'Loki data source', 'loki', 'Loki'),
    variable('jaeger_datasource', 'Jaeger data source', 'jaeger', 'Jaeger'),
  ];
}

export interface LabelVariable {
  readonly name: string;
  readonly label: string;
  /** Whose label it is. */
  readonly series: string;
  /** The label; the variable's name when absent. */
  readonly of?: string;
  readonly description?: string;
  /** Keeps these values; all when absent. */
  readonly matching?: string;
  /** Chosen at first; all when absent. */
  readonly first?: string;
  /** Exactly one at a time. */
  readonly single?: true;
}

/** The values a label has in the range on the screen: any number of them, and all at first. */
export function labelVariable({
  name,
  label,
  series,
  of,
  description,
  matching,
  first,
  single,
}: LabelVariable): Variable {
  const query = `label_values(${series}, ${of ?? name})`;
  const variable = new QueryVariableBuilder(name)
    .label(label)
    .datasource(datasources.prometheus)
    .query({ query, refId: `variable-${name}`, qryType: 1 })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalAsc)
    .regex(matching === undefined ? '' : `/${matching}/`);
  if (description !== undefined) variable.description(description);
  if (single) {
    return variable
      .multi(false)
      .includeAll(false)
      .current({ selected: true, text: first ?? '', value: first ?? '' });
  }
  return variable
    .multi(true)
    .includeAll(true)
    .allValue('.+')
    .current({ selected: true, text: [first ?? 'All'], value: [first ?? '$__all'] });
}

/**
 * `$job`, at first that of the dashboard, and `$instance`: its processes, whether or not they are up.
 * `series` lists the jobs that can be chosen.
 */
export function jobAndInstance(job: Job, series = `up{job="${job}"}`): readonly Variable[] {
  return [
    labelVariable({ name: 'job', label: 'Job', series, first: job }),
    labelVariable({ name: 'instance', label: 'Instance', series: 'up{job=~"$job"}' }),
  ];
}
