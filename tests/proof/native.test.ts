import { describe } from 'vitest';
import { nativeUnderTest } from '#tests/conformance/conformance.ts';
import { provesItsAlerts } from './proof.ts';
import { representative } from './representative.ts';

describe('the alerts of a stack of child processes', () => {
  provesItsAlerts(nativeUnderTest, Object.values(representative), 2);
});
