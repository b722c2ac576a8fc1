import type { SourceFile } from '#documents/yaml.ts';
import { tiers as standardTiers, type Tier } from './burn-rate.ts';
import { sharedConditions, tiersOf } from './openslo/alert-policies.ts';
import { checkSources } from './openslo/data-sources.ts';
import { SloError } from './openslo/fault.ts';
import { type Found, Objects } from './openslo/objects.ts';
import type { OpenSlo } from './openslo/schema.ts';
import type { Sli, Slo } from './slo.ts';
import { slothId } from './sloth-labels.ts';
import { windowName } from './window.ts';

export interface SloSource {
  readonly slo: Slo;
  /** The file it stands in. */
  readonly path: string;
}

type Indicator = Pick<OpenSlo<'SLI'>, 'spec'>;

/**
 * Reads OpenSLO v1 of the profile we generate rules for: `ratioMetric` of counters, Occurrences over one rolling window, one
 * objective. Objects refer to each other across all files. What is outside of the profile is an error, never ignored.
 * @throws SloError
 */
export function parseOpenSlo(files: readonly SourceFile[]): readonly SloSource[] {
  const objects = new Objects(files);
  const shared = sharedConditions(objects);
  const sources = objects.all('SLO').flatMap((found) => {
    const tiers = found.object.spec.alertPolicies ? tiersOf(found, shared, objects) : standardTiersOf(found, objects);
    const indicator = indicatorOf(found, objects);
    return indicator ? [{ slo: { ...contentOf(found), sli: sliOf(indicator), tiers }, path: found.file }] : [];
  });
  refuseSharedIds(objects);
  if (objects.faults.length > 0) throw new SloError(objects.faults);
  return sources;
}

/** Two SLOs that are recorded under one name would be added up. */
function refuseSharedIds(objects: Objects): void {
  const byId = Map.groupBy(objects.all('SLO'), ({ object: { metadata, spec } }) =>
    slothId({ service: spec.service, name: metadata.name }),
  );
  for (const [id, [first, ...others]] of byId) {
    for (const { source } of others) {
      const message = `${id} is recorded already of the SLO ${first?.object.metadata.name} of ${first?.object.spec.service}: expected another name`;
      objects.fault({ source, path: ['metadata', 'name'] }, message);
    }
  }
}

function standardTiersOf({ object, source }: Found<'SLO'>, objects: Objects): readonly Tier[] {
  const periodSeconds = object.spec.timeWindow[0].duration;
  const longest = Math.max(...standardTiers.flatMap(({ pairs }) => pairs.map(({ longSeconds }) => longSeconds)));
  if (longest >= periodSeconds) {
    const message = `expected more than ${windowName(longest)}, the longest window of the standard alert policies, or alertPolicies of its own; found ${windowName(periodSeconds)}`;
    objects.fault({ source, path: ['spec', 'timeWindow', 0, 'duration'] }, message);
  }
  return standardTiers;
}

function indicatorOf({ object, source }: Found<'SLO'>, objects: Objects): Indicator | undefined {
  const { indicator, indicatorRef } = object.spec;
  if (indicator) checkSources(indicator, { source, path: ['spec', 'indicator'] }, objects);
  if (indicatorRef === undefined) return indicator;
  const found = objects.find('SLI', indicatorRef, { source, path: ['spec', 'indicatorRef'] });
  if (found) checkSources(found.object, { source: found.source, path: [] }, objects);
  return found?.object;
}

function sliOf({ spec }: Indicator): Sli {
  const { good, bad, total } = spec.ratioMetric;
  const events = good ?? bad;
  return {
    counts: good ? 'good' : 'bad',
    events: events?.metricSource.spec.query ?? [],
    total: total.metricSource.spec.query,
  };
}

function contentOf({ object: { metadata, spec } }: Found<'SLO'>): Omit<Slo, 'sli' | 'tiers'> {
  const { annotations = {} } = metadata;
  return {
    name: metadata.name,
    displayName: metadata.displayName ?? metadata.name,
    description: spec.description ?? '',
    service: spec.service,
    target: spec.objectives[0].target,
    periodSeconds: spec.timeWindow[0].duration,
    groupBy: annotations['firedrill.dev/group-by'] ?? [],
    ...defined({
      requestsPerSecond: annotations['firedrill.dev/requests-per-second'],
      buckets: annotations['firedrill.dev/buckets'],
      runbook: annotations['firedrill.dev/runbook'],
      dashboard: annotations['firedrill.dev/dashboard'],
      team: annotations['firedrill.dev/team'],
    }),
  };
}

/** Without what is undefined. */
function defined<Content extends object>(content: Content): { [Key in keyof Content]?: NonNullable<Content[Key]> } {
  return Object.fromEntries(Object.entries(content).filter(([, value]) => value !== undefined)) as never;
}
