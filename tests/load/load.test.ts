import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { firedrill } from '#tests/support/firedrill.ts';
import { startServices } from '#tests/support/native.ts';

it('a smoke load on a stack that runs leaves a report, a summary, and all of it in Prometheus', async () => {
  await using directory = await temporaryDirectory();
  await using stack = await startServices([], { stateDirectory: directory.path, grafana: false });
  const how = ['--state-directory', directory.path, '--duration', '5s'];

  const { exitCode, stdout } = await firedrill(['load', 'journey', ...how, '--rate', '28']);

  expect(stdout).toContain('HELD  journey, smoke');
  expect(stdout).toContain('✓ Availability of writing: 0 of ');
  expect(stdout).toContain('✓ every answer was as it should be');
  expect(exitCode).toBe(0);
  const [run = ''] = readdirSync(join(directory.path, 'loads'));
  expect(run).toMatch(/^\d{4}-\d\d-\d\dT[\d-]+Z-journey$/);
  const read = (name: string) => readFileSync(join(directory.path, 'loads', run, name), 'utf8');
  expect(read('report.html')).toContain('<html');
  const { summary } = JSON.parse(read('summary.json'));
  expect(summary.requests).toBeGreaterThan(100);
  const counted = async (metric: string) => {
    const query = `sum(max_over_time(${metric}{job="k6"}[5m]))`;
    const url = `http://127.0.0.1:${stack.options.ports.prometheus}/api/v1/query?query=${encodeURIComponent(query)}`;
    const { data } = (await (await fetch(url)).json()) as { data: { result: { value: [number, string] }[] } };
    return Number(data.result[0]?.value[1]);
  };
  expect(await counted('k6_http_reqs_total')).toBe(summary.requests);
  expect(await counted('k6_objective_events_total')).toBe(
    summary.objectives.reduce((sum: number, { total }: { total: number }) => sum + total, 0),
  );
});

it.each([
  [['load', 'brwse'], '(got "brwse")'],
  [['load', 'browse', '--profile', 'huge'], "argument 'huge' is invalid. Allowed choices are smoke, load, stress"],
  [['load', 'browse', '--rate', '0'], "argument '0' is invalid. Expected a whole number from 1 to 5000."],
  [['load', 'browse', '--duration', '4s'], "argument '4s' is invalid. Expected a duration from 5s to 1d"],
  [['load', 'browse', '--target', 'ftp://a'], "argument 'ftp://a' is invalid. Expected an http or https URL"],
])('usage errors name the value and what was expected: %s', async (args, message) => {
  const { exitCode, stderr } = await firedrill(args);
  expect(stderr).toContain(message);
  expect(exitCode).toBe(2);
});

it('a target that nobody answers at, or a Prometheus that is none, is a failure of the harness', async () => {
  await using directory = await temporaryDirectory();
  await using stack = await startServices(['prometheus'], { stateDirectory: directory.path });
  const { ports } = stack.options;
  const load = (target: number, prometheus: number) =>
    firedrill([
      'load',
      'browse',
      '--target',
      `http://127.0.0.1:${target}`,
      '--prometheus',
      `http://127.0.0.1:${prometheus}`,
    ]);
  expect(await load(ports.edge, ports.prometheus)).toMatchObject({
    exitCode: 3,
    stderr: `--target: expected somebody who answers at http://127.0.0.1:${ports.edge} (got ECONNREFUSED)`,
  });
  expect(await load(ports.prometheus, ports.edge)).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('--prometheus: expected somebody who answers at'),
  });
});
