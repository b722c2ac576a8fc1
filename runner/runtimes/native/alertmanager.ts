import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { alertmanagerArguments } from '#observability/alertmanager/arguments.ts';
import { renderAlertmanager } from '#observability/alertmanager/render.ts';
import { forgetGroupsSeconds } from '#observability/alertmanager/waits.ts';
import { formatDuration } from '#observability/prometheus/duration.ts';
import { httpReady } from '../../ready.ts';
import { slosOfStack } from '../../rules.ts';
import { loopback } from './loopback.ts';
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
    args: alertmanagerArguments({
      configFile: configFile(context),
      dataDir: dataDirectory(context),
      listen: loopback(context.options.ports.alertmanager),
      forgetGroups: formatDuration(forgetGroupsSeconds / context.options.timeScale),
    }),
  }),
  forget: (context) => rm(dataDirectory(context), { recursive: true, force: true }),
  ready: ({ options }) => httpReady(`http://127.0.0.1:${options.ports.alertmanager}/-/ready`),
};

const configFile = (context: NativeContext): string => join(context.directory('alertmanager'), 'alertmanager.yaml');
const dataDirectory = (context: NativeContext): string => join(context.directory('alertmanager'), 'data');
