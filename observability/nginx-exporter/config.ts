import { timeouts } from '#catalog/timeouts.ts';

export interface ExporterConfig {
  readonly accessLog: string;
  readonly stubStatusUrl: string;
  readonly host: string;
  readonly port: number;
  /** Base URL of an OTLP/HTTP receiver; no traces without it. */
  readonly otlpEndpoint: string | undefined;
  /** Share of the traces, 0 to 1, that the receiver keeps beside all slow and all failed ones. */
  readonly traceShare: number;
  /** Replica name by the address nginx logs. */
  readonly upstreams: ReadonlyMap<string, string>;
  readonly healthPeriodSeconds: number;
}

/**
 * By hand: zod would add a quarter to this program's memory.
 * @throws Error naming each variable that is missing or wrong.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ExporterConfig {
  const faults: string[] = [];
  const read = <T>(name: string, parse: (text: string) => T | undefined, expected: string): T => {
    const value = parse(env[name] ?? '');
    if (value === undefined) faults.push(`${name}: expected ${expected}, got ${JSON.stringify(env[name] ?? '')}`);
    return value as T;
  };
  const config = {
    accessLog: read('ACCESS_LOG', nonEmpty, 'a path'),
    stubStatusUrl: read('STUB_STATUS_URL', httpUrl, 'http://host:port/path'),
    host: env.HOST || '127.0.0.1',
    port: read('PORT', port, '0..65535'),
    otlpEndpoint: env.OTLP_ENDPOINT ? read('OTLP_ENDPOINT', httpUrl, 'http://host:port') : undefined,
    traceShare: env.TRACE_SHARE ? read('TRACE_SHARE', ratio, '0 to 1') : 1,
    upstreams: read('UPSTREAMS', upstreams, 'backend-1=127.0.0.1:4001,backend-2=…'),
    healthPeriodSeconds: read('HEALTH_PERIOD_SECONDS', period, 'seconds above 0'),
  };
  if (faults.length > 0) throw new Error(`nginx-exporter cannot start: ${faults.join('; ')}`);
  return Object.freeze(config);
}

function nonEmpty(text: string): string | undefined {
  return text === '' ? undefined : text;
}

function httpUrl(text: string): string | undefined {
  return URL.parse(text)?.protocol === 'http:' ? text : undefined;
}

function ratio(text: string): number | undefined {
  return /^[\d.e-]+$/.test(text) && Number(text) <= 1 && Number(text) >= 0 ? Number(text) : undefined;
}

function port(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined;
}

function period(text: string): number | undefined {
  const seconds = text === '' ? timeouts.edgeHealthPeriodSeconds : Number(text);
  return seconds > 0 && Number.isFinite(seconds) ? seconds : undefined;
}

function upstreams(text: string): ReadonlyMap<string, string> | undefined {
  const pairs = text.split(',').map((pair) => pair.trim().split('='));
  const complete = pairs.every((pair): pair is [string, string] => pair.length === 2 && !pair.includes(''));
  return complete ? new Map(pairs.map(([name, address]) => [address, name])) : undefined;
}
