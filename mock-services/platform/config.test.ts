import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

function refusal(environment: Record<string, string>): string {
  try {
    readConfig(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  return 'accepted';
}

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toMatchObject({
      SERVICE_NAME: 'backend',
      INSTANCE: hostname(),
      HOST: '127.0.0.1',
      PORT: 4000,
      ERROR_RATE: 0,
      LOG_LEVEL: 'info',
      CHAOS_ENABLED: false,
      CONTROL_HOST: '127.0.0.1',
      ANONYMOUS_ROLE: 'viewer',
      MAX_IN_FLIGHT: 200,
    });
    expect(readConfig({}).JWT_SECRET).toBeUndefined();
    expect(readConfig({}).OTLP_ENDPOINT).toBeUndefined();
  });

  it('takes an empty variable for an absent one', () => {
    expect(readConfig({ PORT: '', OTLP_ENDPOINT: '', CONTROL_PORT: '', CONTROL_TOKEN: '' })).toEqual(readConfig({}));
  });

  it('turns text into numbers', () => {
    expect(readConfig({ PORT: '4001', ERROR_RATE: '0.15' })).toMatchObject({ PORT: 4001, ERROR_RATE: 0.15 });
    expect(readConfig({ ERROR_RATE: '1e-3' })).toMatchObject({ ERROR_RATE: 0.001 });
  });

  it('looks for the queues where the cache is, unless told otherwise', () => {
    expect(readConfig({ REDIS_HOST: 'cache', REDIS_PORT: '7000' })).toMatchObject({
      QUEUE_HOST: 'cache',
      QUEUE_PORT: 7000,
    });
    expect(readConfig({ QUEUE_HOST: 'queues', QUEUE_PORT: '7001' })).toMatchObject({
      REDIS_PORT: 6379,
      QUEUE_HOST: 'queues',
      QUEUE_PORT: 7001,
    });
  });

  it('turns a word into a switch', () => {
    expect(readConfig({ CHAOS_ENABLED: 'on' }).CHAOS_ENABLED).toBe(true);
    expect(readConfig({ CHAOS_ENABLED: 'off' }).CHAOS_ENABLED).toBe(false);
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(readConfig({}))).toBe(true);
  });

  it.each([
    ['PORT', '4e3', 'PORT is "4e3"; expected a port from 0 to 65535.'],
    ['PORT', '65536', 'PORT is "65536"; expected a port from 0 to 65535.'],
    ['DB_PORT', '-1', 'DB_PORT is "-1"; expected a port from 0 to 65535.'],
    ['ERROR_RATE', '15%', 'ERROR_RATE is "15%"; expected a number from 0 to 1.'],
    ['ERROR_RATE', '1.01', 'ERROR_RATE is "1.01"; expected a number from 0 to 1.'],
    ['ERROR_RATE', ' ', 'ERROR_RATE is " "; expected a number from 0 to 1.'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL is "loud"; expected one of fatal, error, warn, info, debug, trace.'],
    [
      'OTLP_ENDPOINT',
      'localhost:4318',
      'OTLP_ENDPOINT is "localhost:4318"; expected a URL such as http://127.0.0.1:4318.',
    ],
    ['CHAOS_ENABLED', 'maybe', 'CHAOS_ENABLED is "maybe"; expected on or off.'],
    ['ANONYMOUS_ROLE', 'root', 'ANONYMOUS_ROLE is "root"; expected one of viewer, editor, admin, none.'],
    ['MAX_IN_FLIGHT', '0', 'MAX_IN_FLIGHT is "0"; expected an integer from 1 to 100000.'],
    ['JWT_SECRET', 'short', 'JWT_SECRET has a value that cannot be used; expected 32 characters or more.'],
    ['INSTANCE', 'a b', 'INSTANCE is "a b"; expected a name of up to 63 letters, digits, dots, dashes.'],
  ])('names %s when it is %j', (name, value, sentence) => {
    expect(refusal({ [name]: value })).toBe(sentence);
  });

  it('names every bad variable, one sentence each', () => {
    expect(refusal({ PORT: 'x', ERROR_RATE: 'x' }).split('\n')).toHaveLength(2);
  });

  it('wants port and token of the control API together', () => {
    expect(refusal({ CONTROL_PORT: '4101' })).toBe(
      'CONTROL_TOKEN is missing; expected a token, since CONTROL_PORT is set.',
    );
    expect(refusal({ CONTROL_TOKEN: 'a token that is long' })).toBe(
      'CONTROL_PORT is missing; expected a port, since CONTROL_TOKEN is set.',
    );
  });

  it('does not repeat a secret', () => {
    const sentence = refusal({ CONTROL_PORT: '4101', CONTROL_TOKEN: 'short-secret' });
    expect(sentence).toBe('CONTROL_TOKEN has a value that cannot be used; expected 16 characters or more.');
  });
});
