import type { RuleTestSuite } from '../rule-test.ts';
import { aggregateTests } from './aggregates.ts';
import { answerTests } from './answers.ts';
import { collectorTests } from './collector.ts';
import { limitTests } from './limits.ts';
import { queueTests } from './queues.ts';
import { saturationTests } from './saturation.ts';
import { specificationTests } from './specification.ts';
import { telemetryTests } from './telemetry.ts';
import { topologyTests } from './topology.ts';
import { volumeTests } from './volume.ts';
import { windowTests } from './windows.ts';

/** The alerts that no SLO gives. */
export const alerts: RuleTestSuite = {
  ruleFile: 'alerts',
  tests: [
    ...specificationTests,
    ...answerTests,
    ...telemetryTests,
    ...volumeTests,
    ...saturationTests,
    ...queueTests,
    ...topologyTests,
    ...collectorTests,
    ...limitTests,
    ...aggregateTests,
    ...windowTests,
  ],
};
