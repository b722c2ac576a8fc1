import { describe, expect, it } from 'vitest';
import { counterpart } from './counterpart.ts';
import { ruleMutants } from './mutants.ts';
import { readRuleFile } from './rule-file.ts';

const text = (window: string, long: string) => `
groups:
  - name: some
    rules:
      - { record: 'a:ratio', expr: 'rate(a_total[${window}])' }
      - { record: 'b:ratio', expr: 'rate(b_total[${long}]) > 2' }
      - { alert: First, expr: 'a:ratio > 1', for: ${window} }
      - { alert: Second, expr: 'a:ratio > 1 and b:ratio > 1' }
`;
const file = readRuleFile('rules/some.yaml', text('5m', '1h'));
const scaled = readRuleFile('rules/some.scale-60.yaml', text('5s', '1m'));
const all = () => true;
const mutants = ruleMutants(file, all);
const others = ruleMutants(scaled, all);

describe('the same mistake at another scale', () => {
  it('is found for each, in the same rule, with windows of that scale', () => {
    const pairs = mutants.map((mutant) => [mutant, counterpart(mutant, mutants, others)] as const);
    for (const [mutant, other] of pairs) {
      expect(other?.subject).toBe(mutant.subject);
      expect(other && unscaled(other.says)).toBe(unscaled(mutant.says));
      expect(other?.id).not.toBe(mutant.id);
    }
    expect(pairs.length).toBeGreaterThan(20);
  });

  it('is found when it is another rule that has more there', () => {
    const mutant = mutants.find(({ subject, operator }) => subject === 'a:ratio' && operator === 'window');
    const less = others.filter(({ subject, operator }) => subject !== 'b:ratio' || operator !== 'window');
    expect(mutant && counterpart(mutant, mutants, less)?.subject).toBe('a:ratio');
  });

  it('is not guessed when the rule has other mutants there', () => {
    const [mutant] = mutants;
    expect(mutant && counterpart(mutant, mutants, others.slice(1))).toBeUndefined();
  });
});

/** Without lengths of time. */
function unscaled(text: string): string {
  return text.replaceAll(/\d+(?:ms|[smh])/g, 'some time');
}
