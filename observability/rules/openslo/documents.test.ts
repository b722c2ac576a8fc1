import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseOpenSlo } from '../parse.ts';
import { SloError } from './fault.ts';

const head = 'apiVersion: openslo/v1\nkind: SLO\n';

const sound = `${head}metadata:
  name: checkout
  annotations: { firedrill.dev/requests-per-second: "20" }
spec:
  service: shop
  indicator:
    metadata: { name: checkout }
    spec:
      ratioMetric:
        counter: true
        bad: { metricSource: { type: Prometheus, spec: { query: 'pays_total{status=~"5.."}' } } }
        total: { metricSource: { type: Prometheus, spec: { query: pays_total } } }
  timeWindow: [{ duration: 4w, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: 0.99 }]
  alertPolicies:
    - kind: AlertPolicy
      metadata: { name: page }
      spec:
        conditions:
          - kind: AlertCondition
            metadata: { name: page }
            spec:
              severity: page
              condition: { kind: burnrate, threshold: 14, lookbackWindow: 1h }
        notificationTargets: []
`;

const laughs = ['&a [x, x]', ...'bcdefgh'].map((name, index) =>
  index === 0
    ? `a: ${name}`
    : `${name}: &${name} [${Array(9)
        .fill(`*${'abcdefgh'[index - 1]}`)
        .join(', ')}]`,
);

describe('YAML that is no tree', () => {
  it.each([
    [
      'an alias of nothing',
      `${head}metadata: *nothing\n`,
      'slo.yaml:3:11: not readable as YAML: expected an alias of what stands before it, found *nothing',
    ],
    [
      'an alias inside of what it is an alias of',
      `${head}metadata: &a { name: *a }\n`,
      'slo.yaml:3:22: not readable as YAML: expected an alias of what stands before it, found *a',
    ],
    ['a kind that contains itself', 'kind: &a [*a]\n', 'slo.yaml:1:11: not readable as YAML'],
    ['aliases of aliases without end', `${laughs.join('\n')}\n`, 'slo.yaml:1:1: not readable as YAML: Excessive alias'],
    ['a key that is a list', `${head}? [a, b]\n: c\n`, 'slo.yaml:3:3: not readable as YAML'],
    ['nesting without end', `${head}metadata: ${'['.repeat(20_000)}`, 'not readable as YAML'],
  ])('%s is refused where it stands', (_, text, message) => {
    expect(faultsOf(text).join('\n')).toContain(message);
  });
});

it('what was found is quoted on one line that can be read', () => {
  const [fault = ''] = faultsOf(`kind: ${'x'.repeat(10_000)}\n`);
  expect(fault).toMatch(/^slo\.yaml:1:1: kind: expected SLO, .*, found "x+…$/);
  expect(fault.length).toBeLessThan(300);
});

it('a key of several lines is quoted on one', () => {
  expect(faultsOf(`${sound}"a\\nb": 1\n`)).toEqual(['slo.yaml:29:1: ["a\\nb"]: not supported here']);
});

it('whatever happens to a file, each fault says where it is, on a line of its own', () => {
  const tokens = [
    '*a',
    '&a ',
    '[',
    ']',
    '{',
    '}',
    '<<: *a\n',
    '!!binary ',
    '!!set ',
    '? ',
    '- ',
    '\t',
    '\n',
    '---\n',
    '"',
    "'",
  ];
  const words = [
    'null',
    '.nan',
    '.inf',
    '1e400',
    '-1',
    'true',
    '__proto__: ',
    'constructor',
    '9999999999999999999d',
    '|\n',
  ];
  const edit = fc.record({
    at: fc.nat(sound.length),
    cut: fc.nat(40),
    put: fc.array(fc.constantFrom(...tokens, ...words), { maxLength: 3 }).map((parts) => parts.join('')),
  });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
      const text = edits.reduce((now, { at, cut, put }) => now.slice(0, at) + put + now.slice(at + cut), sound);
      for (const fault of faultsOf(text))
        expect(fault).toMatch(/^slo\.yaml:(\d+:\d+:)? .*(expected|no|found|already|not) /);
    }),
    { numRuns: 500, seed: 20_261_201 },
  );
});

/** None when it is understood. */
function faultsOf(text: string): readonly string[] {
  try {
    parseOpenSlo([{ path: 'slo.yaml', text }]);
    return [];
  } catch (error) {
    if (error instanceof SloError) return error.message.split('\n');
    throw error;
  }
}
