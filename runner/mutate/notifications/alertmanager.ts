import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { poll, systemClock } from '#chaos/engine/clock.ts';
import { alertmanagerArguments } from '#observability/alertmanager/arguments.ts';
import type { AlertmanagerConfig } from '#observability/alertmanager/config.ts';
import type { Labels } from '#observability/notification-tests/scene.ts';
import { RunnerError } from '../../errors.ts';
import { deliverySchema } from '../../pager/api.ts';
import { freePort } from '../../preflight.ts';
import { launch } from '../../process.ts';
import { httpReady, untilReady } from '../../ready.ts';
import { loopback } from '../../runtimes/native/loopback.ts';

/** One notification: to whom, and of which alerts. */
export type Told = z.infer<typeof deliverySchema>;

/** An Alertmanager of its own, and everything that it tells anybody. */
export interface PlayedAlertmanager extends AsyncDisposable {
  /** In the order that they came. */
  readonly told: readonly Told[];
  /** Makes some alerts fire and ends others, by one request. */
  send(alerts: { readonly firing?: readonly Labels[]; readonly ended?: readonly Labels[] }): Promise<void>;
  alerts(): Promise<z.infer<typeof alertsSchema>>;
  groups(): Promise<z.infer<typeof groupsSchema>>;
  /** What it finds, once it finds something. @throws NeverSeen when that takes longer than it may */
  until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T>;
}

export class NeverSeen extends Error {}

export interface PlayOptions {
  readonly alertmanager: string;
  /** For what it reads and writes: a folder of its own in it. */
  readonly directory: string;
  readonly signal: AbortSignal;
}

const patienceMs = 60_000;

/** Started with whatever is made of the address that it tells to. */
export async function playAlertmanager(
  configOf: (webhookUrl: string) => AlertmanagerConfig,
  { alertmanager, directory, signal }: PlayOptions,
): Promise<PlayedAlertmanager> {
  const folder = join(directory, crypto.randomUUID());
  await mkdir(folder);
  const told: Told[] = [];
  const webhook = await listen((body) => told.push(deliverySchema.parse(JSON.parse(body))));
  const configFile = join(folder, 'alertmanager.yaml');
  await writeFile(configFile, stringify(configOf(webhook.url)));
  const port = await freePort();
  const logFile = join(folder, 'log');
  const process = await launch({
    name: 'alertmanager',
    file: alertmanager,
    args: alertmanagerArguments({
      configFile,
      dataDir: join(folder, 'data'),
      listen: loopback(port),
      forgetGroups: '30s',
    }),
    cwd: folder,
    logFile,
  });
  const dispose = async () => {
    await process.stop(0);
    webhook.close();
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    const readiness = { name: 'alertmanager', process, logFile, timeoutSeconds: patienceMs / 1000, signal };
    await untilReady(httpReady(`${url}/-/ready`), readiness);
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    told,
    send: ({ firing = [], ended = [] }) => post(`${url}/api/v2/alerts`, firing, ended, signal),
    alerts: async () => alertsSchema.parse(await ask(`${url}/api/v2/alerts`, signal)),
    groups: async () => groupsSchema.parse(await ask(`${url}/api/v2/alerts/groups`, signal)),
    until: async (look) => {
      const found = await poll(async () => await look(), {
        clock: systemClock,
        signal,
        timeoutMs: patienceMs,
        everyMs: 20,
      });
      if (found !== undefined) return found;
      throw new NeverSeen(`Alertmanager did not do what was waited for in ${patienceMs / 1000} s`);
    },
    [Symbol.asyncDispose]: dispose,
  };
}

const labels = z.record(z.string(), z.string());

const alertsSchema = z.array(
  z.object({
    fingerprint: z.string(),
    labels,
    receivers: z.array(z.object({ name: z.string() })),
    status: z.object({ inhibitedBy: z.array(z.string()) }),
  }),
);

const groupsSchema = z.array(
  z.object({ receiver: z.object({ name: z.string() }), alerts: z.array(z.object({ labels })) }),
);

async function listen(heard: (body: string) => void): Promise<{ readonly url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    heard(Buffer.concat(chunks).toString());
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** What ends comes first, and has begun before. */
async function post(
  url: string,
  firing: readonly Labels[],
  ended: readonly Labels[],
  signal: AbortSignal,
): Promise<void> {
  const now = Date.now();
  const at = (ms: number) => new Date(ms).toISOString();
  const body = [
    ...ended.map((each) => ({ labels: each, startsAt: at(now - 3_600_000), endsAt: at(now - 1) })),
    ...firing.map((each) => ({ labels: each, startsAt: at(now), endsAt: at(now + 3_600_000) })),
  ];
  await answered(
    await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    }),
  );
}

async function ask(url: string, signal: AbortSignal): Promise<unknown> {
  return await (await answered(await fetch(url, { signal }))).json();
}

async function answered(response: Response): Promise<Response> {
  if (response.ok) return response;
  throw new RunnerError('SERVICE_FAILED', `Alertmanager answered ${response.status}: ${await response.text()}`);
}
