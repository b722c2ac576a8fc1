import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { GateRun } from '#runner/gate/gate-run.ts';
import { freePort } from '#runner/preflight.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { firedrill } from '#tests/support/firedrill.ts';
import { copyForeignProject, type ForeignProject, startForeignShop } from '#tests/support/foreign-shop.ts';
import { processesOf } from '#tests/support/leftovers.ts';

describe('a service that is none of ours, gated by one command', () => {
  it('passes where it holds its SLOs, leaves what was asked for, and nothing that runs', async () => {
    await using project = await copyForeignProject();
    const at = (name: string) => join(project.path, name);

    const { exitCode, stdout } = await gateProject(
      project,
      [
        ...['--json', at('gate.json'), '--junit', at('gate.xml'), '--badge', at('gate.svg')],
        ...['--baseline', at('baseline.json'), '--update-baseline'],
      ],
      { ERROR_RATIO: '0.004', GITHUB_STEP_SUMMARY: at('summary.md') },
    );

    expect(stdout).toContain('PASS  paths, 200 requests/s');
    expect(exitCode).toBe(0);
    expect(processesOf(project.path, project.path)).toEqual([]);
    const { verdict, counts } = JSON.parse(readFileSync(at('gate.json'), 'utf8')) as GateRun;
    expect(verdict.faults).toEqual([]);
    for (const { objective, n, bad, interval } of verdict.objectives) {
      const { server, client } = counts[objective.name] ?? {};
      expect({ n, bad }).toEqual({ n: server?.total, bad: server?.bad });
      expect(interval.high).toBeLessThan(0.02);
      expect(Math.abs(1 - n / (client?.total ?? 0))).toBeLessThan(0.05);
    }
    expect(readFileSync(at('gate.xml'), 'utf8')).toContain('name="shop-latency"/>');
    expect(readFileSync(at('gate.svg'), 'utf8')).toContain('load gate: pass');
    expect(readFileSync(at('summary.md'), 'utf8')).toContain('# Load gate: PASS');
    const { objectives } = JSON.parse(readFileSync(at('baseline.json'), 'utf8'));
    expect(objectives['shop-availability'].total).toBe(counts['shop-availability']?.server?.total);
    const [run = ''] = readdirSync(at('state/gates'));
    expect(readdirSync(join(at('state/gates'), run)).sort()).toEqual([
      'gate.json',
      'k6-summary.json',
      'k6.log',
      'objectives.json',
      'prometheus.log',
      'report.html',
      'service.log',
      'summary.json',
    ]);
  });

  it('fails where twice as many requests fail as may, on that alone', async () => {
    await using project = await copyForeignProject();
    const file = join(project.path, 'baseline.json');
    const counted = { bad: 40, total: 10_000, batches: 60, phi: 1 };
    const baseline = JSON.stringify({ formatVersion: 1, objectives: { 'shop-availability': counted } });
    writeFileSync(file, baseline);
    const { exitCode, stdout } = await gateProject(project, ['--baseline', file], { ERROR_RATIO: '0.04' });
    expect(stdout).toContain('FAIL  paths, 200 requests/s');
    expect(stdout).toContain('Δ shop-availability: There are more bad requests than in the baseline: ');
    expect(readFileSync(file, 'utf8')).toBe(baseline);
    expect(stdout).toMatch(/✗ shop-availability: \d+ of \d+ requests failed/);
    expect(stdout).toMatch(/[✓?] shop-latency/);
    expect(exitCode).toBe(99);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGKILL', undefined],
  ] as const)('is ended when the gate is, by %s', async (signal, code) => {
    await using project = await copyForeignProject();
    const running = gateProject(project, ['--start', 'true && node server.mjs']);
    const asked = async () => (await (await fetch(`${project.url}/metrics`).catch(() => undefined))?.text()) ?? '';
    await expect.poll(asked, { timeout: 60_000 }).toMatch(/path="\/cart",code="200"} \d{2,}/);
    running.kill(signal);
    expect((await running).exitCode).toBe(code);
    await expect.poll(() => processesOf(project.path, project.path)).toEqual([]);
  });

  it('is not what answers there already, nor what does not start, nor counted by what sees nothing', async () => {
    await using shop = await startForeignShop();
    await using project = await copyForeignProject();
    expect(await gateProject(project, ['--target', shop.url])).toMatchObject({
      exitCode: 3,
      stderr: `--start: expected nobody who answers at ${shop.url} yet (found somebody)`,
    });
    const broken = await gateProject(project, ['--start', 'echo no such shop; exit 7']);
    expect(broken.stderr).toMatch(
      /service ended at once \(exit code 7\)\. Its log is .*service\.log; it ends with:\nno such shop$/,
    );
    expect(broken.exitCode).toBe(3);
    writeFileSync(join(project.path, 'prometheus.yml'), 'scrape_configs: 7');
    const blind = await gateProject(project);
    expect(blind.stderr).toMatch(/prometheus ended at once \(exit code \d\)/);
    expect(blind.exitCode).toBe(3);
    const nobody = `127.0.0.1:${await freePort()}`;
    const config = `scrape_configs: [{ job_name: shop, scrape_interval: 1s, static_configs: [{ targets: ["${nobody}"] }] }]`;
    writeFileSync(join(project.path, 'prometheus.yml'), config);
    expect(await gateProject(project)).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(
        /--prometheus-config: expected something to scrape that answers \(got http:\/\/127.*\/metrics: .*refused\)$/,
      ),
    });
    expect(processesOf(project.path, project.path)).toEqual([]);
  });
});

it('a Prometheus that tells something else than happened is a fault of the measurement, whatever it tells', async () => {
  await using shop = await startForeignShop({ ERROR_RATIO: '0.2' });
  await using directory = await temporaryDirectory();
  await using liar = await startLiar(shop.prometheusUrl);
  const { exitCode, stdout } = await gate({ ...shop, prometheusUrl: liar.url }, directory.path);
  expect(stdout).toContain('MEASUREMENT FAULT');
  expect(stdout).toMatch(
    /shop-availability: 0 % of the requests were bad by Prometheus, \d+(\.\d+)? % by the load generator/,
  );
  expect(exitCode).toBe(3);
});

it('a target that is down from the start, or a Prometheus that is, is said at once', async () => {
  await using directory = await temporaryDirectory();
  const url = `http://127.0.0.1:${await freePort()}`;
  expect(await gate({ url, prometheusUrl: url }, directory.path)).toMatchObject({
    exitCode: 3,
    stderr: `--target: expected somebody who answers at ${url} (got ECONNREFUSED)`,
  });
  await using shop = await startForeignShop();
  expect(await gate({ url: shop.url, prometheusUrl: url }, directory.path)).toMatchObject({
    exitCode: 3,
    stderr: `--prometheus: expected somebody who answers at ${url}/api/v1/query?query=vector(1) (got ECONNREFUSED)`,
  });
});

interface Place {
  readonly url: string;
  readonly prometheusUrl: string;
}

/** With the command of the document, but where it keeps its files. */
function gateProject(
  { path }: ForeignProject,
  more: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
) {
  const config = ['--config', join(path, 'gate.yaml'), '--state-directory', join(path, 'state')];
  return firedrill(['gate', ...config, ...more], { GITHUB_STEP_SUMMARY: '', ...env });
}

function gate({ url, prometheusUrl }: Place, directory: string) {
  const where = ['--target', url, '--prometheus', prometheusUrl, '--slo', 'examples/foreign-service/slos.yaml'];
  const how = ['--path', '/items', '/cart', '--max-duration', '45s', '--state-directory', directory];
  return firedrill(['gate', ...where, ...how], { GITHUB_STEP_SUMMARY: '' });
}

/** Passes questions on, and answers that no request was bad. */
async function startLiar(prometheusUrl: string): Promise<AsyncDisposable & { readonly url: string }> {
  const port = await freePort();
  const server = createServer(async (request, response) => {
    const body = (await text(request)).replace('5..', '6..');
    const { method = 'GET', url = '/', headers } = request;
    const type = headers['content-type'] ?? 'text/plain';
    const asked = method === 'POST' ? { method, body, headers: { 'Content-Type': type } } : {};
    response.end(await (await fetch(`${prometheusUrl}${url}`, asked)).text());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
