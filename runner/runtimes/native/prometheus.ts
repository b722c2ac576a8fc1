import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { evaluationIntervalSeconds, scrapeIntervalSeconds } from '#catalog/time-scale.ts';
import { resendSeconds } from '#observability/alertmanager/waits.ts';
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
    args: [
      `--config.file=${configFile(context)}`,
      `--storage.tsdb.path=${join(context.directory('prometheus'), 'data')}`,
      // The period of an SLO is 30 days; the size is what a laptop spares.
      '--storage.tsdb.retention.time=31d',
      '--storage.tsdb.retention.size=4GB',
      `--web.listen-address=127.0.0.1:${context.options.ports.prometheus}`,
      '--enable-feature=exemplar-storage',
      // The load generator writes what its clients see.
      '--web.enable-remote-write-receiver',
      // Resends a firing alert soon after Alertmanager lost it, and lets it end soon after it resolved.
      `--rules.alert.resend-delay=${resendSeconds}s`,
      '--log.level=warn',
    ],
    env: { GOMEMLIMIT: '300MiB' },
  }),
  ready: ({ options }) => httpReady(`http://127.0.0.1:${options.ports.prometheus}/-/ready`),
};

const configFile = (context: NativeContext): string => join(context.directory('prometheus'), 'prometheus.yaml');
