import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { defaultTraceShare } from '#catalog/tracing.ts';
import { renderCompose } from '#compose/render.ts';
import { offsetPorts } from '#runner/preflight.ts';
import { projectFile } from '#runner/project.ts';
import { composeSettings } from './settings.ts';

const replicas = 3;
const settings = composeSettings({
  options: {
    profile: 'flaky',
    timeScale: 60,
    replicas,
    databaseLatencyMs: 0,
    traceShare: defaultTraceShare,
    ports: offsetPorts(replicas, 10_000),
  },
  projectName: 'firedrill-12345678',
  networkPrefix: '172.30.1',
  configurationFolder: '/somewhere/configuration',
  controlToken: 'c'.repeat(16),
  tokenSecret: 't'.repeat(32),
  databasePassword: 'd'.repeat(16),
});

it.each([
  ['docker-compose.yml', readFileSync(projectFile('docker-compose.yml'), 'utf8')],
  ['the same for three replicas', renderCompose(replicas)],
])('sets everything that %s can be told, so that nothing set elsewhere changes the stack', (_, file) => {
  const asked = [...file.matchAll(/\$\{(\w+)/g)].map(([, name]) => name);
  expect(asked.length).toBeGreaterThan(20);
  expect(asked.filter((name) => settings[name as string] === undefined)).toEqual([]);
});

it('takes names, ports, rates, waits and secrets from the stack that is asked for', () => {
  expect(settings).toMatchObject({
    NAME_PREFIX: 'firedrill-12345678',
    NETWORK_PREFIX: '172.30.1',
    FIREDRILL_CONFIGURATION: '/somewhere/configuration',
    EDGE_PORT: '18080',
    PAGER_PORT: '19099',
    BACKEND_3_PORT: '14003',
    CONTROL_3_PORT: '14103',
    BACKEND_1_ERROR_RATE: '0.15',
    TIME_SCALE: '60',
    EDGE_HEALTH_PERIOD_SECONDS: '0.5',
    FORGET_GROUPS: '500ms',
    CHAOS_ENABLED: 'on',
    JWT_SECRET: 't'.repeat(32),
  });
});
