import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, it } from 'vitest';
import type { Tools } from '#runner/toolchain/toolchain.ts';
import { toolsFor } from '#tests/support/tools.ts';
import { renderAlertmanager } from './alertmanager/render.ts';
import { renderLoki } from './loki/render.ts';
import { renderCollector } from './otel-collector/render.ts';
import { renderPrometheus } from './prometheus/render.ts';

const run = promisify(execFile);
const at = (port: number) => ({ host: '127.0.0.1', port });

let tools: Tools;
let directory: string;

beforeAll(async () => {
  tools = await toolsFor('promtool', 'amtool', 'loki', 'otelcol');
  directory = await mkdtemp(join(tmpdir(), 'firedrill-config-'));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

it.each([
  [1, 'minutes'],
  [60, 'seconds'],
  [300, 'fractions of seconds'],
])('Prometheus and Alertmanager accept their configuration at time scale %d (%s)', async (timeScale) => {
  const prometheus = renderPrometheus({
    scrapeIntervalSeconds: 15 / timeScale,
    evaluationIntervalSeconds: 15 / timeScale,
    backends: [
      { name: 'backend-1', address: at(4001) },
      { name: 'backend-2', address: { host: 'mock-backend-2', port: 4000 } },
    ],
    nginxExporter: at(1),
    collector: at(2),
    loki: at(3),
    jaeger: at(4),
    alertmanager: at(5),
    prometheus: at(6),
    ruleFiles: [],
  });
  await run(tools.promtool, ['check', 'config', '--lint=all', '--lint-fatal', await file(prometheus)]);
  const alertmanager = await file(renderAlertmanager({ webhookUrl: 'http://127.0.0.1:9099/', timeScale, slos: [] }));
  await run(tools.amtool, ['check-config', alertmanager]);
});

it('Loki accepts its configuration', async () => {
  const config = renderLoki({ listen: at(3100), grpc: at(9095), dataDir: directory });
  await run(tools.loki, [`-config.file=${await file(config)}`, '-verify-config']);
});

it.each([undefined, '.'])('the Collector accepts its configuration, positions kept in %s', async (storageDir) => {
  const config = renderCollector({
    otlp: at(4318),
    health: at(13_133),
    metrics: at(8888),
    backendLogs: [
      { instance: 'backend-1', path: 'backend-1.log' },
      { instance: 'backend-2', path: 'backend-2.log' },
    ],
    nginxLog: 'access.log',
    loki: at(3100),
    jaegerOtlp: at(14_318),
    traceShare: 0.2,
    ...(storageDir === undefined ? {} : { storageDir: directory }),
  });
  await run(tools.otelcol, ['validate', '--config', await file(config)]);
});

async function file(content: string): Promise<string> {
  const path = join(directory, `${crypto.randomUUID()}.yaml`);
  await writeFile(path, content);
  return path;
}
