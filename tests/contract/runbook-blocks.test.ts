import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { replicaNames } from '#catalog/services.ts';
import { queryVector } from '#chaos/probes/prometheus-client.ts';
import { projectFile, projectRoot } from '#runner/project.ts';
import { httpReady } from '#runner/ready.ts';
import { untilInRotation } from '#runner/rotation.ts';
import { replicaAddresses } from '#runner/runtimes/native/loopback.ts';
import type { OpenStack } from '#runner/stack.ts';
import { which } from '#runner/toolchain/which.ts';
import { startServices } from '#tests/support/native.ts';
import { type Block, blocksOf, type Language, onStack, readRunbooks, runbookIndex } from '#tests/support/runbooks.ts';
import { serveSomeOfEverything } from '#tests/support/some-of-everything.ts';

const { signal } = new AbortController();
const pages = [...readRunbooks(), { path: runbookIndex, text: readFileSync(projectFile(runbookIndex), 'utf8') }];
const blocks = pages.flatMap(blocksOf);
const found = { timeout: 30_000, interval: 250 };

/** Comes with PostgreSQL's packages, but not with its npm package. */
const canAskPostgres = (await which('psql')) !== undefined;

let stack: OpenStack;

beforeAll(async () => {
  stack = await startServices();
  // What is counted from now on was seen at 0.
  await vi.waitUntil(async () => (await askPrometheus('count(up == 1) == count(up) > 7')).length > 0, found);
  await serveSomeOfEverything(stack);
});
afterAll(() => stack?.[Symbol.asyncDispose]());

describe('what the runbooks ask a stack that has served some of everything', () => {
  it.each(loud('promql'))('Prometheus answers with data: $text ($path)', async ({ text }) => {
    await expect.poll(async () => (await askPrometheus(text)).length, found).toBeGreaterThan(0);
  });

  it.each(loud('logql'))('Loki answers with data: $text ($path)', async ({ text }) => {
    await expect.poll(() => askLoki(text), found).toBeGreaterThan(0);
  });

  it.each(loud('traces'))('Jaeger answers with traces: $text ($path)', async ({ text }) => {
    await expect.poll(() => askJaeger(text), found).toBeGreaterThan(0);
  });
});

describe('what the runbooks ask about what is not wrong', () => {
  const quiet = blocks.filter((block) => block.quiet);

  it.each(quiet)('is answered with nothing: $text ($path)', async ({ text, language }) => {
    expect(language).toBe('logql');
    expect(await askLoki(text)).toBe(0);
  });
});

describe('the commands of the runbooks', () => {
  describe.each(pages.filter((page) => blocksOf(page).some(({ language }) => language === 'sh')))('$path', (page) => {
    let nginxConfiguration: string;

    beforeAll(async () => {
      nginxConfiguration = await readFile(nginxFile(), 'utf8');
    });
    afterAll(async () => {
      await writeFile(nginxFile(), nginxConfiguration);
      await run('kill -HUP "$(cat .firedrill/run/nginx/nginx.pid)"');
      await untilAllIsReady();
    });

    const commands = blocksOf(page).filter(({ language }) => language === 'sh');

    it.for(commands)('run: $text', async ({ text }, { skip }) => {
      skip(/\bpsql\b/.test(text) && !canAskPostgres, 'psql is not on the PATH');
      const before = await readFile(nginxFile(), 'utf8');
      const { exitCode, all } = await run(text);
      expect(exitCode, all).toBe(0);
      const changed = (await readFile(nginxFile(), 'utf8')) !== before;
      expect(changed, 'changes the configuration of nginx').toBe(/\bsed -i/.test(text));
      await untilAllIsReady();
    });

    it('leave nginx as it was', async () => {
      expect(await readFile(nginxFile(), 'utf8')).toBe(nginxConfiguration);
    });
  });
});

function loud(language: Language): readonly Block[] {
  return blocks.filter((block) => block.language === language && !block.quiet);
}

function askPrometheus(query: string) {
  return queryVector(`http://127.0.0.1:${stack.options.ports.prometheus}`, query, signal);
}

/** How many streams or series there are. */
async function askLoki(query: string): Promise<number> {
  const parameters = new URLSearchParams({ query });
  const response = await fetch(`http://127.0.0.1:${stack.options.ports.loki}/loki/api/v1/query_range?${parameters}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`Loki refused the query ${query}: ${text}`);
  return JSON.parse(text).data.result.length;
}

async function askJaeger(query: string): Promise<number> {
  const parameters = new URLSearchParams(query);
  const response = await fetch(`http://127.0.0.1:${stack.options.ports.jaeger}/api/traces?${parameters}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`Jaeger refused the query ${query}: ${text}`);
  return JSON.parse(text).data.length;
}

/** As a person would in the root of the checkout; it never rejects. */
function run(command: string) {
  const { options, directory, tools } = stack;
  const cli = `${process.execPath} ${projectFile('runner/cli.ts')}`;
  const folders = [tools.postgres, tools.valkey].map((tool) => dirname(tool));
  return execa('sh', ['-e', '-c', onStack(command, { ports: options.ports, directory, cli })], {
    cwd: projectRoot,
    env: { NO_COLOR: '1', PATH: [process.env.PATH, ...folders].join(delimiter) },
    reject: false,
    all: true,
    stdin: 'ignore',
    timeout: 90_000,
  });
}

const nginxFile = (): string => join(stack.directory, 'run', 'nginx', 'nginx.conf');

/** What a command ended is there again, and nginx sends it requests. */
async function untilAllIsReady(): Promise<void> {
  const { options } = stack;
  const { ports } = options;
  const urls = [
    ...replicaAddresses(options).map(({ address }) => `http://127.0.0.1:${address.port}/health/ready`),
    `http://127.0.0.1:${ports.edgeStatus}/nginx-health`,
    `http://127.0.0.1:${ports.nginxExporter}/health`,
    `http://127.0.0.1:${ports.prometheus}/-/ready`,
    `http://127.0.0.1:${ports.alertmanager}/-/ready`,
    `http://127.0.0.1:${ports.loki}/ready`,
    `http://127.0.0.1:${ports.jaeger}/api/services`,
    `http://127.0.0.1:${ports.collectorHealth}/`,
  ];
  for (const url of urls) await vi.waitFor(() => httpReady(url)(signal), found);
  if (/ down /.test(await readFile(nginxFile(), 'utf8'))) return;
  await untilInRotation(replicaNames(options.replicas), ports, signal);
}
