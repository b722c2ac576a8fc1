import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderAlertmanager } from '#observability/alertmanager/render.ts';
import { forgetGroupsSeconds } from '#observability/alertmanager/waits.ts';
import { formatDuration } from '#observability/prometheus/duration.ts';
import { httpReady } from '../../ready.ts';
import { slosOfStack } from '../../rules.ts';
import type { NativeContext, NativeService } from './service.ts';

export const alertmanager: NativeService = {
  name: 'alertmanager',
  async prepare(context) {
    const { ports, timeScale } = context.options;
    const webhookUrl = `http://127.0.0.1:${ports.webhook}/notifications`;
    await writeFile(configFile(context), renderAlertmanager({ webhookUrl, timeScale, slos: await slosOfStack() }));
  },
  command: (context) => ({
    file: context.tools.alertmanager,
    args: [
      `--config.file=${configFile(context)}`,
      `--storage.path=${join(context.directory('alertmanager'), 'data')}`,
      `--web.listen-address=127.0.0.1:${context.options.ports.alertmanager}`,
      '--cluster.listen-address=',
      `--dispatch.maintenance-interval=${formatDuration(forgetGroupsSeconds / context.options.timeScale)}`,
      '--log.level=warn',
    ],
  }),
  ready: ({ options }) => httpReady(`http://127.0.0.1:${options.ports.alertmanager}/-/ready`),
};

const configFile = (context: NativeContext): string => join(context.directory('alertmanager'), 'alertmanager.yaml');
