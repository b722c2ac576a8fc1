import { check } from 'k6';
import http from 'k6/http';
import { pick } from './shared/chance.ts';
import { noteLateness } from './shared/lateness.ts';
import { countForObjectives } from './shared/objectives.ts';
import { optionsOf } from './shared/options.ts';
import { settings } from './shared/settings.ts';
import { summarise } from './shared/summary.ts';

/** Readers of the paths that the settings name, each as often as the others, of any service. */
export default function paths(): void {
  noteLateness();
  const path = pick(settings.paths);
  const route = path.replace(/[?#].*$/, '');
  const { targetUrl, token, timeoutSeconds } = settings;
  const response = http.get(`${targetUrl}${path}`, {
    headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    tags: { name: route },
    timeout: `${timeoutSeconds}s`,
    redirects: 0,
  });
  const { status, timings } = response;
  countForObjectives({ method: 'GET', route, status, durationSeconds: timings.duration / 1000 });
  check(response, { [`GET ${route}: an answer, no refusal`]: () => status >= 200 && status < 400 });
}

export const options = optionsOf('paths');
export const handleSummary = summarise;
