import type { RuleTestSuite } from '../../rule-test.ts';
import { burningTests } from './burning.ts';
import { recordedTests } from './recorded.ts';
import { slos } from './slos.ts';

/** Each rule of each SLO alone, in few evaluations; the other suites play whole histories. */
export const sloRules: readonly RuleTestSuite[] = slos.map((slo) => ({
  ruleFile: slo.name,
  tests: [...burningTests(slo), ...recordedTests(slo)],
}));
