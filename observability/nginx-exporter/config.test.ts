import { expect, it } from 'vitest';
import { readConfig } from './config.ts';

const env = {
  ACCESS_LOG: 'logs/access.log',
  STUB_STATUS_URL: 'http://127.0.0.1:8081/stub_status',
  PORT: '9113',
  UPSTREAMS: 'backend-1=127.0.0.1:4001, backend-2=127.0.0.1:4002',
};

it('the environment becomes the configuration, loopback by default', () => {
  expect(readConfig(env)).toEqual({
    accessLog: 'logs/access.log',
    stubStatusUrl: 'http://127.0.0.1:8081/stub_status',
    host: '127.0.0.1',
    port: 9113,
    otlpEndpoint: undefined,
    traceShare: 1,
    upstreams: new Map([
      ['127.0.0.1:4001', 'backend-1'],
      ['127.0.0.1:4002', 'backend-2'],
    ]),
    healthPeriodSeconds: 30,
  });
  expect(readConfig({ ...env, HEALTH_PERIOD_SECONDS: '0.5' }).healthPeriodSeconds).toBe(0.5);
});

it('traces are sent where there is a receiver', () => {
  const traced = { ...env, OTLP_ENDPOINT: 'http://127.0.0.1:4318', TRACE_SHARE: '0.2' };
  expect(readConfig(traced)).toMatchObject({ otlpEndpoint: 'http://127.0.0.1:4318', traceShare: 0.2 });
  expect(() => readConfig({ ...env, OTLP_ENDPOINT: 'x', TRACE_SHARE: '20%' })).toThrow(
    /OTLP_ENDPOINT: .*"x".*TRACE_SHARE: expected 0 to 1, got "20%"/,
  );
});

it('every missing or wrong variable is named at once', () => {
  expect(() =>
    readConfig({ HEALTH_PERIOD_SECONDS: '0', PORT: '70000', STUB_STATUS_URL: 'ftp://x', UPSTREAMS: 'backend-1' }),
  ).toThrow(
    /ACCESS_LOG: expected a path.*STUB_STATUS_URL: .*"ftp:\/\/x".*PORT: expected 0..65535, got "70000".*UPSTREAMS: .*"backend-1".*HEALTH_PERIOD_SECONDS: expected seconds above 0, got "0"/,
  );
});
