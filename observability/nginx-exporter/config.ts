import { z } from 'zod';

export interface ExporterConfig {
  readonly accessLog: string;
  readonly stubStatusUrl: string;
  readonly host: string;
  readonly port: number;
  /** Replica name by the address nginx logs. */
  readonly upstreams: ReadonlyMap<string, string>;
}

const schema = z.object({
  ACCESS_LOG: z.string().min(1),
  STUB_STATUS_URL: z.url({ protocol: /^http$/ }),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535),
  UPSTREAMS: z.string().transform((text, context) => {
    const pairs = text.split(',').map((pair) => pair.trim().split('='));
    if (pairs.every((pair): pair is [string, string] => pair.length === 2 && pair.every((part) => part !== ''))) {
      return new Map(pairs.map(([name, address]) => [address, name]));
    }
    context.addIssue({ code: 'custom', message: 'expected backend-1=127.0.0.1:4001,backend-2=…' });
    return z.NEVER;
  }),
});

/** @throws Error naming each variable that is missing or wrong. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ExporterConfig {
  const result = schema.safeParse(env);
  if (!result.success) {
    const faults = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new Error(`nginx-exporter cannot start: ${faults.join('; ')}`);
  }
  const { ACCESS_LOG, STUB_STATUS_URL, HOST, PORT, UPSTREAMS } = result.data;
  return Object.freeze({
    accessLog: ACCESS_LOG,
    stubStatusUrl: STUB_STATUS_URL,
    host: HOST,
    port: PORT,
    upstreams: UPSTREAMS,
  });
}
