import { hostname } from 'node:os';
import { z } from 'zod';
import { roles } from '#catalog/access.ts';
import { fieldErrors, ratioText, wholeNumber } from './validation.ts';

/** Settings of a service, read once at its start. */
export type Config = Readonly<z.infer<typeof schema>>;

/** Says in one sentence per variable what is wrong with the environment. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the environment; the only place that does. An empty variable counts as absent.
 * @throws ConfigError naming each variable with a bad value, the value and what is expected
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return Object.freeze(parsed.data);
  const sentences = fieldErrors(parsed.error, given).map(
    ({ field, value, expected }) => `${field} ${stateOf(field, value)}; expected ${expected}.`,
  );
  throw new ConfigError(sentences.join('\n'));
}

function stateOf(name: string, value: unknown): string {
  if (value === null) return 'is missing';
  return secrets.has(name) ? 'has a value that cannot be used' : `is ${JSON.stringify(value)}`;
}

const secrets: ReadonlySet<string> = new Set(['DB_PASSWORD', 'CONTROL_TOKEN', 'JWT_SECRET']);

const port = wholeNumber(0, 65_535, 'a port from 0 to 65535');
const name = z.string({ error: 'a name' }).regex(/^[\w.-]{1,63}$/, 'a name of up to 63 letters, digits, dots, dashes');
const host = z.string({ error: 'a host name or address' });

const onOrOff = z
  .enum(['on', 'off', 'true', 'false', '1', '0'], { error: 'on or off' })
  .transform((word) => ['on', 'true', '1'].includes(word));

const schema = z
  .object({
    /** What the service is called in metrics, logs and traces; the same for all replicas. */
    SERVICE_NAME: name.default('backend'),
    /** What this replica is called. */
    INSTANCE: name.default(() => hostname()),
    ENVIRONMENT: name.default('local'),
    /** What is deployed, where that is another than what the package says. */
    VERSION: name.optional(),
    LOG_LEVEL: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'], {
        error: 'one of fatal, error, warn, info, debug, trace',
      })
      .default('info'),
    HOST: host.default('127.0.0.1'),
    PORT: port.default(4000),
    DB_HOST: host.default('127.0.0.1'),
    DB_PORT: port.default(5432),
    DB_NAME: z.string().default('firedrill'),
    DB_USER: z.string().default('firedrill'),
    DB_PASSWORD: z.string().default(''),
    REDIS_HOST: host.default('127.0.0.1'),
    REDIS_PORT: port.default(6379),
    /** Where the queues are; where the cache is, unless said. */
    QUEUE_HOST: host.optional(),
    QUEUE_PORT: port.optional(),
    /** Share of API requests that fail by themselves, and the seed that says which. */
    ERROR_RATE: ratioText.default(0),
    ERROR_SEED: z.string().default('firedrill'),
    /** Whether the control port is open, and users can ask for errors, at `/api/backend/error/:type`. */
    CHAOS_ENABLED: onOrOff.default(false),
    /** What tokens are verified with; without it none is valid. */
    JWT_SECRET: z.string().min(32, '32 characters or more').optional(),
    /** The role of whoever comes without a token; `none` to demand one. */
    ANONYMOUS_ROLE: z.enum([...roles, 'none'], { error: `one of ${[...roles, 'none'].join(', ')}` }).default('viewer'),
    /** API requests under way above which more are refused. */
    MAX_IN_FLIGHT: wholeNumber(1, 100_000).default(200),
    /** Base URL of an OTLP/HTTP receiver; no traces without it. */
    OTLP_ENDPOINT: z.url({ protocol: /^https?$/, error: 'a URL such as http://127.0.0.1:4318' }).optional(),
    /** Share of the traces that the receiver keeps beside all slow and all failed ones: exemplars only lead to traces that are kept. */
    TRACE_SHARE: ratioText.default(1),
    /** The control port is off unless both are set, and CHAOS_ENABLED is on. */
    CONTROL_PORT: port.optional(),
    /** In a container, whose own loopback nobody reaches, another one than loopback. */
    CONTROL_HOST: host.default('127.0.0.1'),
    CONTROL_TOKEN: z.string().min(16, '16 characters or more').optional(),
  })
  .refine((config) => config.CONTROL_PORT === undefined || config.CONTROL_TOKEN !== undefined, {
    path: ['CONTROL_TOKEN'],
    error: 'a token, since CONTROL_PORT is set',
  })
  .refine((config) => config.CONTROL_TOKEN === undefined || config.CONTROL_PORT !== undefined, {
    path: ['CONTROL_PORT'],
    error: 'a port, since CONTROL_TOKEN is set',
  })
  .transform(({ QUEUE_HOST, QUEUE_PORT, ...config }) => ({
    ...config,
    QUEUE_HOST: QUEUE_HOST ?? config.REDIS_HOST,
    QUEUE_PORT: QUEUE_PORT ?? config.REDIS_PORT,
  }));
