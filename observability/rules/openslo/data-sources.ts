import { below, type Objects, type Place } from './objects.ts';
import type { OpenSlo } from './schema.ts';

/** What an indicator counts comes from Prometheus: where it names a data source, that is one, and there. */
export function checkSources({ spec }: Pick<OpenSlo<'SLI'>, 'spec'>, place: Place, objects: Objects): void {
  for (const events of ['good', 'bad', 'total'] as const) {
    const ref = spec.ratioMetric[events]?.metricSource.metricSourceRef;
    if (ref === undefined) continue;
    const at = below(place, 'spec', 'ratioMetric', events, 'metricSource', 'metricSourceRef');
    const type = objects.find('DataSource', ref, at)?.object.spec.type;
    if (type !== undefined && type.toLowerCase() !== 'prometheus') {
      objects.fault(at, `expected a DataSource of type "Prometheus", found ${JSON.stringify(type)}`);
    }
  }
}
