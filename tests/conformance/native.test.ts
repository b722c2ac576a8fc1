import { describe } from 'vitest';
import { behavesLikeAStack, nativeUnderTest } from './conformance.ts';

describe('a stack of child processes', () => {
  behavesLikeAStack(nativeUnderTest);
});
