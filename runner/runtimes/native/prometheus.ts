import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { evaluationIntervalSeconds, scrapeIntervalSeconds } from '#catalog/time-scale.ts';
import { prometheusArguments } from '#observability/prometheus/arguments.ts';
import { renderPrometheus } from '#observability/prometheus/render.ts';
import { httpReady } from '../../ready.ts';
import { rulesOfStack } from '../../rules.ts';
import { loopback, replicaAddresses } from './loopback.ts';
import type { NativeContext, NativeService } from './service.ts';

export const prometheus: NativeService = {
  name: 'prometheus',
  async prepare(context) {
    const { ports, timeScale } = context.options;
    const config = renderPrometheus({
      scrapeIntervalSeconds: scrapeIntervalSeconds(timeScale),
      evaluationIntervalSeconds: evaluationIntervalSeconds(timeScale),
      backends: replicaAddresses(context.options),
      nginxExporter: loopback(ports.nginxExporter),
      collector: loopback(ports.collectorMetrics),
      loki: loopback(ports.loki),
      jaeger: loopback(ports.jaegerMetrics),
      alertmanager: loopback(ports.alertmanager),
      prometheus: loopback(ports.prometheus),
      ruleFiles: ['rules/*.yaml'],
    });
    await writeFile(configFile(context), config);
    const rules = join(context.directory('prometheus'), 'rules');
    await mkdir(rules);
    const files = await rulesOfStack(timeScale);
    await Promise.all(files.map(({ name, content }) => writeFile(join(rules, name), content)));
  },
  command: (context) => ({
    file: context.tools.prometheus,
    args: prometheusArguments({
      configFile: configFile(context),
      dataDir: dataDirectory(context),
      listen: loopback(context.options.ports.prometheus),
    }),
    env: { GOMEMLIMIT: '300MiB' },
  }),
  forget: (context) => rm(dataDirectory(context), { recursive: true, force: true }),
  ready: ({ options }) => httpReady(`http://127.0.0.1:${options.ports.prometheus}/-/ready`),
};

const configFile = (context: NativeContext): string => join(context.directory('prometheus'), 'prometheus.yaml');
const dataDirectory = (context: NativeContext): string => join(context.directory('prometheus'), 'data');
