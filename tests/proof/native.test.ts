import { describe } from 'vitest';
import { provesItsAlerts } from './proof.ts';
import { representative } from './representative.ts';

describe('the alerts of a stack of child processes', () => {
  provesItsAlerts({ runtime: 'native', leftovers: async () => [] }, Object.values(representative), 2);
});
