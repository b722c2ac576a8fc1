import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { GateRun } from '#runner/gate/gate-run.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { firedrill } from '#tests/support/firedrill.ts';
import { startForeignShop } from '#tests/support/foreign-shop.ts';

it('a script of k6 runs as k6 runs it, with its flags and its environment, and its thresholds are decided', async () => {
  await using shop = await startForeignShop();
  await using directory = await temporaryDirectory();
  const at = (name: string) => join(directory.path, name);
  const { exitCode, stdout } = await firedrill(
    [
      ...[
        'run',
        '--vus',
        '10',
        '--tag',
        'build=7',
        '-e',
        `BASE_URL=${shop.url}`,
        '--out',
        `csv=${at('samples.csv')}`,
        script,
      ],
      ...['--summary-export', at('k6.json'), '--json', at('gate.json'), '--junit', at('gate.xml')],
    ],
    { K6_DURATION: '7s', GITHUB_STEP_SUMMARY: at('summary.md'), TMPDIR: directory.path },
  );
  expect(stdout).toContain("✓ 'p(95)<250' p(95)=");
  expect(stdout).toContain('✓ http_reqs: count>100: It is ');
  expect(stdout).toMatch(/PASS {2}shop\.js, \d+ requests in \d+\.\d s/);
  expect(exitCode).toBe(0);
  const byK6 = JSON.parse(readFileSync(at('k6.json'), 'utf8')).metrics;
  const { counts, requests, points } = JSON.parse(readFileSync(at('gate.json'), 'utf8')) as GateRun;
  expect(requests).toBe(byK6.http_reqs.count);
  expect(points?.map(({ verdict }) => verdict)).toEqual(['PASS', 'PASS']);
  expect(Object.entries(counts).map(([name, { client }]) => [name, client?.total])).toEqual([
    ['checks: rate>0.98', byK6.checks.passes],
    ['http_req_duration: p(95)<250', requests],
    ['http_req_duration{name:cart}: p(90)<250', requests / 2],
    ['http_req_failed: rate<0.02', requests],
  ]);
  expect(byK6.vus.max).toBe(10);
  expect(readFileSync(at('samples.csv'), 'utf8')).toContain('build=7');
  expect(readFileSync(at('gate.xml'), 'utf8')).toContain('failures="0"');
  expect(readFileSync(at('summary.md'), 'utf8')).toContain('# Load gate: PASS');
  expect(readdirSync(directory.path).filter((name) => name.startsWith('firedrill-k6-'))).toEqual([]);
});

it('what is to end the run ends it when it has failed by its interval, later than k6 would by what it has seen', async () => {
  await using shop = await startForeignShop({ ERROR_RATIO: '0.04' });
  const { exitCode, stdout } = await firedrill([
    'run',
    '-q',
    '-d',
    '60s',
    '-u',
    '10',
    '-e',
    `BASE_URL=${shop.url}`,
    script,
  ]);
  expect(stdout).toMatch(/✗ http_req_failed: rate<0\.02: \d+ of \d+ requests failed \([34](\.\d+)? %\)/);
  expect(stdout).toContain('The run was ended early, as abortOnFail asks for: http_req_failed: rate<0.02 failed.');
  expect(Number(/requests in (\d+\.\d) s/.exec(stdout)?.[1])).toBeLessThan(55);
  expect(exitCode).toBe(99);
});

it('too little to tell is no verdict, where k6 sees its thresholds held', async () => {
  await using shop = await startForeignShop();
  await using directory = await temporaryDirectory();
  const [summary, samples] = [join(directory.path, 'k6.json'), join(directory.path, 'samples.csv')];
  const { exitCode, stdout } = await firedrill(
    ['run', '-q', '-i', '100', '-e', `BASE_URL=${shop.url}`, '--summary-export', summary, script],
    { K6_OUT: `csv=${samples}` },
  );
  expect(readFileSync(samples, 'utf8')).toContain('http_req_duration');
  expect(JSON.parse(readFileSync(summary, 'utf8')).metrics.http_req_failed.thresholds).toEqual({ 'rate<0.02': false });
  expect(stdout).toContain('INCONCLUSIVE  shop.js, 200 requests');
  expect(exitCode).toBe(98);
});

it('a script that k6 cannot read is told in the words of k6', async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'gone.js');
  const { exitCode, stderr } = await firedrill(['run', file, '--junit', join(directory.path, 'gate.xml')]);
  expect(stderr).toMatch(/^k6: The moduleSpecifier ".*gone\.js" couldn't be found on local disk/);
  expect(existsSync(join(directory.path, 'gate.xml'))).toBe(false);
  expect(exitCode).toBe(2);
});

const script = 'examples/k6/shop.js';
