import { describe } from 'vitest';
import { behavesLikeAStack, type RuntimeUnderTest } from './conformance.ts';
import { provesItsAlerts } from './proof.ts';
import { representative } from './representative.ts';

describe('a stack of child processes', () => {
  const underTest: RuntimeUnderTest = { runtime: 'native', leftovers: async () => [] };
  behavesLikeAStack(underTest);
  provesItsAlerts(underTest, Object.values(representative), 2);
});
