import { describe } from 'vitest';
import { behavesLikeAStack } from './conformance.ts';

describe('a stack of child processes', () => {
  behavesLikeAStack({ runtime: 'native', leftovers: async () => [] });
});
