import fc from 'fast-check';
import { expect, it } from 'vitest';
import { traceShareSalt } from '#catalog/tracing.ts';
import { createTraceShare } from './trace-share.ts';

const traceIds = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('hex'));

it('a trace is in the share when its hash is up to that share of all hashes', () => {
  fc.assert(
    fc.property(traceIds, fc.double({ min: 0, max: 1, noNaN: true }), (traceId, share) => {
      const limit = BigInt(Math.trunc(share * 2 ** 53)) << 11n;
      const distance = hash(traceId) - limit;
      fc.pre(distance > 4096n || distance < -4096n);
      expect(createTraceShare(share)(traceId)).toBe(distance < 0n);
    }),
    { numRuns: 2_000 },
  );
});

it('all are in the whole, none in nothing', () => {
  fc.assert(
    fc.property(traceIds, (traceId) => {
      expect([createTraceShare(1)(traceId), createTraceShare(0)(traceId)]).toEqual([true, false]);
    }),
  );
});

it('who is in a share is in each larger one', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(traceIds, share, share, (traceId, one, other) => {
      const [smaller, larger] = [Math.min(one, other), Math.max(one, other)];
      expect(createTraceShare(smaller)(traceId) && !createTraceShare(larger)(traceId)).toBe(false);
    }),
  );
});

it.each([-0.1, 1.1, Number.NaN])('%d is no share', (share) => {
  expect(() => createTraceShare(share)).toThrow(RangeError);
});

/** FNV-1a as its authors write it. */
function hash(traceId: string): bigint {
  let value = 0xcbf29ce484222325n;
  for (const byte of [...Buffer.from(traceShareSalt), ...Buffer.from(traceId, 'hex')]) {
    value = ((value ^ BigInt(byte)) * 0x100000001b3n) & 0xffff_ffff_ffff_ffffn;
  }
  return value;
}
