import { describe } from 'vitest';
import { composeUnderTest } from '#tests/compose/compose-under-test.ts';
import { engineObstacle } from '#tests/engine/test-engine.ts';
import { provesItsAlerts } from './proof.ts';
import { onContainers } from './representative.ts';

describe.skipIf((await engineObstacle()) !== undefined)('the alerts of a stack of containers', () => {
  provesItsAlerts(composeUnderTest(), onContainers, 1);
});
