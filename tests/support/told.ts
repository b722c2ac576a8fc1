import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { routes } from '#catalog/signals.ts';
import type { StackState } from '#runner/state.ts';
import { processesOf } from './leftovers.ts';

/** Something that a stack says, and where. */
export interface Told {
  readonly where: string;
  readonly text: string;
}

/** All that somebody who uses a stack can read of it: files, processes, metrics, rules, logs, spans, pages and answers of every service. */
export async function everythingTold(
  { options: { ports }, console }: StackState,
  directory: string,
): Promise<readonly Told[]> {
  const at = (port: number, path: string) => `http://127.0.0.1:${port}${path}`;
  const read = routes.filter(({ route }) => route.startsWith('/') && !route.includes(':')).map(({ route }) => route);
  const spans = await services(at(ports.jaeger, '/api/services'));
  const hourAgo = `${Date.now() - 3_600_000}000000`;
  const every = encodeURIComponent('{service_name=~".+"}');
  const replicas = ports.replicas.flatMap(({ http, control }) => [
    ...['/metrics', '/health', '/version', ...read].map((path) => at(http, path)),
    at(control, '/faults'),
    at(control, '/callers'),
  ]);
  const urls = [
    ...['/health', ...read].map((path) => at(ports.edge, path)),
    at(ports.nginxExporter, '/metrics'),
    at(ports.prometheus, '/api/v1/rules'),
    at(ports.prometheus, '/api/v1/alerts'),
    at(ports.prometheus, '/api/v1/targets'),
    at(ports.prometheus, '/api/v1/status/config'),
    at(ports.prometheus, `/api/v1/series?match[]=${encodeURIComponent('{__name__=~".+"}')}`),
    at(ports.alertmanager, '/api/v2/alerts'),
    at(ports.alertmanager, '/api/v2/status'),
    at(ports.webhook, '/incidents'),
    at(ports.toxiproxy, '/proxies'),
    at(ports.loki, `/loki/api/v1/query_range?limit=5000&start=${hourAgo}&query=${every}`),
    at(ports.loki, `/loki/api/v1/series?start=${hourAgo}&match[]=${every}`),
    ...spans.map((name) => at(ports.jaeger, `/api/traces?limit=500&lookback=1h&service=${name}`)),
  ];
  const operator = { authorization: `Bearer ${console?.operatorToken}` };
  const asked = await Promise.all([
    // One that hangs takes connections.
    ...replicas.map((url) => answer(url, {}, 5_000)),
    ...urls.map((url) => answer(url)),
    ...['/drill/choices', '/drill', '/faults', '/'].map((path) => answer(`${console?.url}${path}`, operator)),
  ]);
  return [...asked, ...processes(directory), ...files(directory)];
}

async function services(url: string): Promise<readonly string[]> {
  return ((await (await fetch(url)).json()) as { data: readonly string[] }).data;
}

async function answer(url: string, headers: Readonly<Record<string, string>> = {}, patienceMs = 20_000): Promise<Told> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(patienceMs) });
    return { where: url, text: `${JSON.stringify([...response.headers])}\n${await response.text()}` };
  } catch {
    // A service that is broken may say nothing.
    return { where: `${url}, which does not answer`, text: '' };
  }
}

function processes(directory: string): readonly Told[] {
  return processesOf(directory, directory).map((line) => {
    const pid = line.split(' ')[0];
    return { where: `process ${pid}`, text: `${line}\n${readFileSync(`/proc/${pid}/environ`, 'utf8')}` };
  });
}

function files(directory: string): readonly Told[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const path = join(directory, name);
    try {
      const text = statSync(path).isFile() ? `${name}\n${readFileSync(path, 'latin1')}` : name;
      return [{ where: relative(directory, path), text }];
    } catch {
      // Databases take files away while they are looked at.
      return [];
    }
  });
}
