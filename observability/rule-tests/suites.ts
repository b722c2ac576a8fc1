import { alerts } from './cases/alerts.ts';
import { edgeAvailability } from './cases/edge-availability.ts';
import { sloAlerts } from './cases/slo-alerts.ts';
import { sloRules } from './cases/slos/suites.ts';
import type { RuleTestSuite } from './rule-test.ts';

/** The tests of every committed rule file. */
export const suites: readonly RuleTestSuite[] = [alerts, edgeAvailability, ...sloAlerts, ...sloRules];
