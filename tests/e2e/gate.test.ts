import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { GateRun } from '#runner/gate/gate-run.ts';
import { freePort } from '#runner/preflight.ts';
import { firedrill } from '#tests/support/firedrill.ts';
import { startForeignShop } from '#tests/support/foreign-shop.ts';
import { temporaryDirectory } from '#tests/support/native.ts';

describe('a service that is none of ours, gated by its own SLOs', () => {
  it('passes where it holds them, and leaves what was asked for', async () => {
    await using shop = await startForeignShop({ ERROR_RATIO: '0.004' });
    await using directory = await temporaryDirectory();
    const at = (name: string) => join(directory.path, name);

    const { exitCode, stdout } = await gate(
      shop,
      directory.path,
      [
        ...['--json', at('gate.json'), '--junit', at('gate.xml'), '--badge', at('gate.svg')],
        ...['--baseline', at('baseline.json'), '--update-baseline'],
      ],
      at('summary.md'),
    );

    expect(stdout).toContain('PASS  paths, 200 requests/s');
    expect(exitCode).toBe(0);
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
    const [run = ''] = readdirSync(at('gates'));
    expect(readFileSync(join(at('gates'), run, 'report.html'), 'utf8')).toContain('<html');
  });

  it('fails where twice as many requests fail as may, on that alone', async () => {
    await using shop = await startForeignShop({ ERROR_RATIO: '0.04' });
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'baseline.json');
    const counted = { bad: 40, total: 10_000, batches: 60, phi: 1 };
    const baseline = JSON.stringify({ formatVersion: 1, objectives: { 'shop-availability': counted } });
    writeFileSync(file, baseline);
    const { exitCode, stdout } = await gate(shop, directory.path, ['--baseline', file]);
    expect(stdout).toContain('Δ shop-availability: There are more bad requests than in the baseline: ');
    expect(readFileSync(file, 'utf8')).toBe(baseline);
    expect(stdout).toMatch(/✗ shop-availability: \d+ of \d+ requests failed/);
    expect(stdout).toMatch(/[✓?] shop-latency/);
    expect(exitCode).toBe(99);
  });

  it('fails where it is slow, on that alone', async () => {
    await using shop = await startForeignShop({ DELAY_MS: '300' });
    await using directory = await temporaryDirectory();
    const { exitCode, stdout } = await gate(shop, directory.path);
    expect(stdout).toMatch(/✗ shop-latency: \d+ of \d+ requests took longer than 0\.25 s/);
    expect(stdout).toMatch(/[✓?] shop-availability/);
    expect(exitCode).toBe(99);
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

function gate({ url, prometheusUrl }: Place, directory: string, more: readonly string[] = [], summary = '') {
  const where = ['--target', url, '--prometheus', prometheusUrl, '--slo', 'examples/foreign-service/slos.yaml'];
  const how = ['--path', '/items', '/cart', '--max-duration', '45s', '--state-directory', directory];
  return firedrill(['gate', ...where, ...how, ...more], { GITHUB_STEP_SUMMARY: summary });
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
