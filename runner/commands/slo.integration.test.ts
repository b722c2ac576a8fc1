import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { Explanation } from '#observability/rules/explain.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { firedrill } from '#tests/support/firedrill.ts';
import { toolsFor } from '#tests/support/tools.ts';
import { projectFile } from '../project.ts';

const example = 'examples/slo/checkout.yaml';

describe('slo explain', () => {
  it('explains the SLOs of a foreign file, with what the file beside it defines', async () => {
    const { stdout, stderr, exitCode } = await firedrill(['slo', 'explain', example, '--error-ratio', '25%']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('Customers can pay  shop/checkout-availability, examples/slo/checkout.yaml');
    expect(stdout).toContain('Paying is quick');
    expect(stdout).toMatch(/25 % +page +1 min 37 s +1h\/5m +2 %/);
  });

  it('says what the docs show', async () => {
    const [, shown = 'nothing'] =
      /\$ \.\/firedrill slo explain [^\n]*\n(.*?)\n```/s.exec(readFileSync(projectFile('docs/slos.md'), 'utf8')) ?? [];
    expect((await firedrill(['slo', 'explain', example])).stdout).toContain(shown);
  });

  it('explains the stack’s own SLOs, each alone', async () => {
    for (const name of await readdir(projectFile('observability/slos'))) {
      const { exitCode, all = '' } = await firedrill(['slo', 'explain', `observability/slos/${name}`]);
      const hasSlo = !all.includes('files: expected an SLO, found none');
      expect({ name, exitCode, all }).toMatchObject({ exitCode: hasSlo ? 0 : 2 });
    }
  });

  it('tells what never happens as null to programs', async () => {
    const { stdout } = await firedrill(['slo', 'explain', example, '--json', '--error-ratio', '0.0001,1']);
    const [availability, latency, ...others] = JSON.parse(stdout);
    expect(others).toEqual([]);
    expect(availability.path).toBe(example);
    expect(availability.courses[0].budgetEmptyAfterSeconds).toBeNull();
    expect(availability.courses[0].tiers[0].firesAfterSeconds).toBeNull();
    expect(latency.courses[1].tiers[0].firesAfterSeconds).toBeCloseTo(2419.2, 6);
  });

  it.each([
    [['nowhere.yaml'], 'files: expected a file or a folder, found nothing at nowhere.yaml'],
    [['catalog'], 'files: expected .yaml or .yml files, found none in catalog'],
    [['examples/slo/alerting.yaml'], 'files: expected an SLO, found none in examples/slo/alerting.yaml'],
    [['package.json'], 'package.json:1:1: kind: expected SLO'],
    [[example, '--error-ratio', '5'], 'such as 0.05 or 5%, separated by commas; found "5"'],
    [[example, '--time-scale', '0'], 'Expected a number from 1 to 300'],
    [[], "missing required argument 'files'"],
  ])('%j is refused with exit code 2', async (args, message) => {
    expect(await firedrill(['slo', 'explain', ...args])).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  });
});

describe('slo lint', () => {
  it('says of each SLO of a folder that it is sound', async () => {
    const { stdout, exitCode } = await firedrill(['slo', 'lint', 'examples/slo']);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toEqual([
      `✓ ${example}: shop/checkout-availability is sound: page on 1h/5m, 6h/30m; ticket on 3d/6h`,
      `✓ ${example}: shop/checkout-latency is sound: page on 6h/30m; ticket on 3d/6h`,
    ]);
  });

  it('takes one that says only what OpenSLO asks for, and says what its alerts cannot', async () => {
    await using directory = await exampleWith(unsaid);
    const { stdout, exitCode } = await firedrill(['slo', 'lint', directory.path]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('shop/checkout-availability is sound');
    expect(stdout).toContain(
      '• it leaves out requests-per-second, runbook, dashboard, team: its alerts cannot say them',
    );
  });

  it('says what is wrong, and of which SLO', async () => {
    await using directory = await exampleWith({ 'target: 0.9995': 'target: 0.9' });
    const { stdout, exitCode } = await firedrill(['slo', 'lint', directory.path]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/✗ .*checkout\.yaml: shop\/checkout-availability: .*1h\/5m can never fire/);
    expect(stdout).toContain('✓');
  });

  it('says what cannot be read, and where', async () => {
    await using directory = await exampleWith({ 'destination_service_name="checkout"}': 'x}[5m]' });
    const { stdout, exitCode } = await firedrill(['slo', 'lint', join(directory.path, 'checkout.yaml')]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/✗ .*checkout\.yaml:31:15: document 1: .*query: expected the selector of a counter/);
  });

  it('misses a runbook that is not beside the SLO', async () => {
    await using directory = await exampleWith({ 'runbooks/checkout.md': 'runbooks/gone.md' });
    const { stdout, exitCode } = await firedrill(['slo', 'lint', directory.path]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('runbooks/gone.md');
  });
});

describe('slo generate', () => {
  it('prints the rules of one SLO and writes those of several', async () => {
    await using directory = await temporaryDirectory();
    const one = await firedrill(['slo', 'generate', 'observability/slos/edge-availability.yaml', '--interval', '2.5']);
    expect(one).toMatchObject({ exitCode: 0, stderr: 'Checked by promtool.' });
    expect(one.stdout).toContain('alert: EdgeAvailabilityBurnRate');
    expect(one.stdout).toContain('interval: 2500ms');
    const several = await firedrill(['slo', 'generate', example]);
    expect(several).toMatchObject({
      exitCode: 2,
      stderr: '--out: expected a folder for the rules of 2 SLOs, found nothing',
    });
    const written = await firedrill(['slo', 'generate', example, '--out', directory.path, '--grafana', 'http://g']);
    expect(written.exitCode).toBe(0);
    expect(await readdir(directory.path)).toEqual(['checkout-availability.yaml', 'checkout-latency.yaml']);
    const rules = readFileSync(join(directory.path, 'checkout-latency.yaml'), 'utf8');
    expect(rules).toContain('dashboard_url: http://g/d/shop-checkout');
    expect(rules).toContain('interval: 30s');
    expect(new Set(rules.match(/runbook_url: .*/g))).toEqual(new Set(['runbook_url: runbooks/checkout.md']));
    expect(rules).toContain('edit that and run: firedrill slo generate');
  });

  it('leads to a runbook that is a page somewhere else, wherever the repository is', async () => {
    await using directory = await exampleWith({ 'runbooks/checkout.md': 'https://wiki.example.com/checkout' });
    const where = ['--out', directory.path, '--repository', 'https://git.example.com'];
    expect(await firedrill(['slo', 'generate', directory.path, ...where])).toMatchObject({ exitCode: 0 });
    const rules = readFileSync(join(directory.path, 'checkout-latency.yaml'), 'utf8');
    expect(rules).toContain('runbook_url: https://wiki.example.com/checkout\n');
  });

  it('makes alerts without links of one that names none', async () => {
    await using directory = await exampleWith(unsaid);
    const made = await firedrill(['slo', 'generate', directory.path, '--out', directory.path, '--grafana', 'http://g']);
    expect(made).toMatchObject({ exitCode: 0, stderr: 'Checked by promtool.' });
    const rules = readFileSync(join(directory.path, 'checkout-latency.yaml'), 'utf8');
    expect(rules).toContain('alert: CheckoutLatencyBurnRate');
    expect(rules).not.toMatch(/_url:|team:/);
  });

  it('makes nothing of what the lint refuses', async () => {
    await using directory = await exampleWith({ 'target: 0.9995': 'target: 0.9' });
    const { exitCode, stdout, stderr } = await firedrill(['slo', 'generate', directory.path, '--out', directory.path]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('can never fire');
    expect(await readdir(directory.path)).not.toContain('checkout-latency.yaml');
  });

  it('writes over nothing but what it wrote', async () => {
    await using directory = await exampleWith({});
    const own = join(directory.path, 'checkout-latency.yaml');
    cpSync(join(directory.path, 'checkout.yaml'), own);
    const args = ['slo', 'generate', join(directory.path, 'checkout.yaml'), '--out', directory.path];
    expect(await firedrill(args)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(`--out: expected a folder without ${own}, which was not generated`),
    });
    expect(readFileSync(own, 'utf8')).toContain('kind: SLO');
    expect(await readdir(directory.path)).not.toContain('checkout-availability.yaml');
    const elsewhere = [...args.slice(0, -1), join(directory.path, 'rules')];
    expect(await firedrill(elsewhere)).toMatchObject({ exitCode: 0 });
    expect(await firedrill(elsewhere)).toMatchObject({ exitCode: 0 });
  });

  it('refuses to look at counters more seldom than they can be added up', async () => {
    const args = ['slo', 'generate', example, '--time-scale', '60', '--interval', '6'];
    expect(await firedrill(args)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--interval: expected at most 5 s, the shortest window at time scale 60'),
    });
  });

  it('refuses selectors in the words of promtool', async () => {
    await using directory = await exampleWith({ 'response_code=~"5.."': 'response_code=~"5("' });
    const { exitCode, stderr } = await firedrill(['slo', 'generate', directory.path, '--out', directory.path]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('promtool refuses the rules:');
    expect(stderr).toContain('error parsing regexp');
  });
});

it.each([1, 60])(
  'what explain says is what Prometheus does with what generate makes, at time scale %d',
  async (scale) => {
    await using directory = await exampleWith({
      '"40"': '"400"',
      'lookbackWindow: 3d': 'lookbackWindow: 12h',
      'short-window: 6h': 'short-window: 1h',
    });
    const { promtool } = await toolsFor('promtool');
    const stepSeconds = 60 / scale;
    const scaled = ['--time-scale', String(scale)];
    const often = ['--interval', String(stepSeconds)];
    const generated = await firedrill([
      'slo',
      'generate',
      directory.path,
      '--out',
      directory.path,
      ...scaled,
      ...often,
    ]);
    expect(generated).toMatchObject({ exitCode: 0, stderr: 'Checked by promtool.' });
    const source = join(directory.path, 'checkout.yaml');
    const { stdout } = await firedrill(['slo', 'explain', source, '--json', '--error-ratio', '1%', ...scaled]);
    const [explanation]: readonly Explanation[] = JSON.parse(stdout);
    const course = explanation?.courses[0];
    expect(course?.tiers.map(({ severity }) => severity)).toEqual(['page', 'ticket']);

    const historySteps = 12 * 60;
    const errorSteps = 7 * 60;
    const perStep = 1000;
    const stepsOf = (seconds: number | undefined) => (seconds ?? Number.NaN) / stepSeconds;
    const test = {
      rule_files: ['checkout-availability.yaml'],
      evaluation_interval: `${stepSeconds}s`,
      tests: [
        {
          interval: `${stepSeconds}s`,
          input_series: [
            series('200', [
              [perStep, historySteps],
              [0.99 * perStep, errorSteps],
              [perStep, 90],
            ]),
            series('503', [
              [0, historySteps],
              [0.01 * perStep, errorSteps],
              [0, 90],
            ]),
          ],
          promql_expr_test: (course?.tiers ?? []).flatMap(
            ({ alert, severity, firesAfterSeconds, resolvesWithinSeconds }) => {
              const begins = historySteps + stepsOf(firesAfterSeconds);
              const ends = historySteps + errorSteps + stepsOf(resolvesWithinSeconds);
              const at = (step: number, fires: boolean) => ({
                expr: `count(ALERTS{alertname="${alert}",alertstate="firing"})`,
                eval_time: `${Math.round(step * stepSeconds * 1000)}ms`,
                exp_samples: fires ? [{ labels: '{}', value: 1 }] : [],
              });
              const slack = 2;
              // Its window of 12 h is added up from tiles of 2 min of 5-minute rates.
              const late = severity === 'ticket' ? 5 : 0;
              return [
                at(Math.floor(begins) - slack, false),
                at(Math.ceil(begins) + slack + late, true),
                at(Math.floor(ends) - slack, true),
                at(Math.ceil(ends) + slack, false),
              ];
            },
          ),
        },
      ],
    };
    const file = join(directory.path, 'test.yaml');
    writeFileSync(file, stringify(test));
    const { failed, all } = await execa(promtool, ['test', 'rules', file], { all: true, reject: false });
    expect(failed ? all : '').toBe('');
  },
);

/** A counter of the example that grows by so much in each of so many steps. */
function series(code: string, phases: readonly (readonly [perStep: number, steps: number])[]) {
  let value = 0;
  const values = phases.map(([perStep, steps]) => {
    const from = value + perStep;
    value += perStep * steps;
    return `${from}+${perStep}x${steps - 1}`;
  });
  return {
    series: `istio_requests_total{destination_service_name="checkout",response_code="${code}"}`,
    values: values.join(' '),
  };
}

/** The example without all that OpenSLO has no word for; its latency is measured by what half the world calls so. */
const unsaid = {
  'firedrill.dev/requests-per-second': 'shop.example/requests-per-second',
  'firedrill.dev/runbook': 'shop.example/runbook',
  'firedrill.dev/dashboard': 'shop.example/dashboard',
  'firedrill.dev/team': 'shop.example/team',
  http_server_requests_seconds: 'http_request_duration_seconds',
};

/** The example with some of its text changed, in a folder of its own. */
async function exampleWith(changes: Readonly<Record<string, string>>) {
  const directory = await temporaryDirectory();
  cpSync(projectFile('examples/slo'), directory.path, { recursive: true });
  const files = ['checkout.yaml', 'alerting.yaml'].map((name) => join(directory.path, name));
  for (const [before, after] of Object.entries(changes)) {
    const changed = files.filter((file) => readFileSync(file, 'utf8').includes(before));
    expect(changed).toHaveLength(1);
    for (const file of changed) writeFileSync(file, readFileSync(file, 'utf8').replaceAll(before, after));
  }
  return directory;
}
