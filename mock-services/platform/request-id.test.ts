import { describe, expect, it } from 'vitest';
import { acceptedRequestId } from './request-id.ts';

describe('the request id', () => {
  it('is taken over when it is a short plain word', () => {
    expect(acceptedRequestId('4f2a-77.b:1_x')).toBe('4f2a-77.b:1_x');
  });

  it.each([[undefined], [''], ['a b'], ['a\nb'], ['{"a":1}'], ['x'.repeat(129)], [['a', 'b']]])(
    'is made anew for %j',
    (given) => {
      expect(acceptedRequestId(given)).toMatch(/^[0-9a-f-]{36}$/);
    },
  );
});
