/** Labels that say what an alert is and whose, not what it is about. */
const general = new Set([
  '__name__',
  'alertname',
  'alertstate',
  'severity',
  'team',
  'job',
  'sloth_id',
  'sloth_service',
  'sloth_severity',
]);

/** The labels that tell one alert of this name from another. */
export function distinguishingLabels(
  labels: Readonly<Record<string, string>>,
): readonly [name: string, value: string][] {
  const { alertname = '', sloth_slo: slo = '' } = labels;
  // `EdgeAvailabilityBurnRate` can only be about `edge-availability`.
  const namedAfterSlo = alertname.toLowerCase().startsWith(slo.replaceAll('-', ''));
  return Object.entries(labels).filter(
    ([name, value]) => value !== '' && !general.has(name) && !(namedAfterSlo && name === 'sloth_slo'),
  );
}

/** What an alert is about, where its name does not say it: `backend-2`, `edge-latency`; else empty. */
export function alertSubject(labels: Readonly<Record<string, string>>): string {
  return distinguishingLabels(labels)
    .map(([, value]) => value)
    .join(', ');
}
