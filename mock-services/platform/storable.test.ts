import { expect, it } from 'vitest';
import { isStorable } from './storable.ts';

const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);

it.each([[null], [1.5], ['é😀\n'], [{ a: [{ b: 'c' }] }], [nested(16)], [JSON.parse('{"__proto__":{"a":1}}')]])(
  '%j can be kept',
  (value) => {
    expect(isStorable(value)).toBe(true);
  },
);

it.each([['a\u0000b'], ['\ud83d'], [{ '\u0000': 1 }], [{ a: ['\udc00'] }], [nested(17)], [nested(2_000)]])(
  '%j cannot',
  (value) => {
    expect(isStorable(value)).toBe(false);
  },
);
