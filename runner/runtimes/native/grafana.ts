import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { scrapeIntervalSeconds } from '#catalog/time-scale.ts';
import { renderGrafana } from '#observability/grafana/render.ts';
import { projectFile } from '../../project.ts';
import { httpReady } from '../../ready.ts';
import { loopback } from './loopback.ts';
import type { NativeService } from './service.ts';

export const grafana: NativeService = {
  name: 'grafana',
  async prepare(context) {
    const { ports, timeScale } = context.options;
    const directory = context.directory('grafana');
    const files = renderGrafana({
      listen: loopback(ports.grafana),
      dataDir: join(directory, 'data'),
      provisioningDir: join(directory, 'provisioning'),
      dashboardsDir: projectFile('dashboards/generated'),
      prometheus: loopback(ports.prometheus),
      loki: loopback(ports.loki),
      jaeger: loopback(ports.jaeger),
      alertmanager: loopback(ports.alertmanager),
      scrapeIntervalSeconds: scrapeIntervalSeconds(timeScale),
    });
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), content);
    }
  },
  command: (context) => {
    if (context.grafana === undefined) throw new Error('Grafana is not installed: it is not to be started');
    const { file, home } = context.grafana;
    return {
      file,
      args: ['server', `--homepath=${home}`, `--config=${join(context.directory('grafana'), 'grafana.ini')}`],
      env: { GOMEMLIMIT: '300MiB' },
    };
  },
  ready: ({ options }) => httpReady(`http://127.0.0.1:${options.ports.grafana}/api/health`),
};
