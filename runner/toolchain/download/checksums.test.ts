import { describe, expect, it } from 'vitest';
import { checksumOf } from './checksums.ts';

const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];

describe('a list of checksums', () => {
  it.each([
    ['sha256sum', `${a}  k6.tar.gz\n${b}  k6.zip\n`],
    ['shasum in binary mode', `${a} *k6.tar.gz\n${b} *k6.zip\n`],
    ['paths', `${a}  ./dist/k6.tar.gz\n${b}  ./dist/k6.zip\n`],
    ['capitals and Windows line ends', `${a}  k6.tar.gz\r\n${b.toUpperCase()}  k6.zip\r\n`],
  ])('is understood as written by %s', (_, list) => {
    expect(checksumOf(list, 'k6.zip')).toBe(b);
  });

  it('has none for a file whose name only ends alike', () => {
    expect(checksumOf(`${a}  old-k6.zip\n`, 'k6.zip')).toBeUndefined();
  });
});
