import { describe, expect, it } from 'vitest';
import { readK6Arguments } from './arguments.ts';

const read = (line: string) => readK6Arguments(line.split(' '));

it.each([
  'a.js',
  'a.js -u 5 -d 10s',
  '-u 5 -d 10s a.js',
  '-u5 -d=10s a.js',
  '-qu 5 a.js',
  '-qwu5 a.js',
  '--quiet --vus 5 a.js',
  '--vus=5 a.js --quiet',
  '-e KEY=value -e OTHER=b.js a.js',
  '--http-debug a.js',
  '--http-debug=full a.js',
  '--out json=b.js a.js',
  '--tag b.js=1 a.js --summary-export b.js',
  '--include-system-env-vars=false a.js',
])('%s: the script is a.js, and the flags stay as they are', (line) => {
  const { script, flags } = read(line);
  expect(script).toBe('a.js');
  expect(flags).toEqual(line.split(' ').filter((word) => word !== 'a.js'));
});

it('takes standard input for a script', () => {
  expect(read('-u 5 -')).toMatchObject({ script: '-', flags: ['-u', '5'] });
});

it('takes for a script what stands behind two dashes', () => {
  expect(read('-q -- -a.js')).toMatchObject({ script: '-a.js', flags: ['-q'] });
});

it.each([
  ['-u 5', 'none'],
  ['a.js b.js', 'a.js b.js'],
])('%s: says that it expected one script', (line, got) => {
  expect(() => read(line)).toThrow(`script: expected one, and flags of k6 run (got ${got})`);
});

describe('the archive of the script', () => {
  it('gets what it depends on, and not what only a run knows', () => {
    expect(read('-u 5 -o csv=x -l --no-usage-report -e A=b a.js --out=json=y --linger').forArchive).toEqual([
      ...['-u', '5', '-e', 'A=b', '--include-system-env-vars'],
    ]);
  });

  it('sees the environment unless it must not', () => {
    expect(read('--include-system-env-vars=false a.js').forArchive).toEqual(['--include-system-env-vars=false']);
  });
});

it('tells whether outputs are named, and whether thresholds count', () => {
  expect(read('a.js')).toMatchObject({ namesOutput: false, hasThresholds: true });
  expect(read('-o csv a.js')).toMatchObject({ namesOutput: true });
  expect(read('a.js --no-thresholds')).toMatchObject({ hasThresholds: false });
  expect(read('a.js --no-thresholds=false')).toMatchObject({ hasThresholds: true });
});
