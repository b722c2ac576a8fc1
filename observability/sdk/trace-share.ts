import { traceShareSalt } from '#catalog/tracing.ts';

/**
 * Says of a trace id whether it is in the share, 0 to 1, of traces that are kept whatever is in them. The probabilistic policy of
 * the Collector's tail sampling says the same of every id.
 * @source https://github.com/open-telemetry/opentelemetry-collector-contrib/blob/v0.155.0/processor/tailsamplingprocessor/internal/sampling/probabilistic.go
 */
export function createTraceShare(share: number): (traceId: string) => boolean {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`expected a share of traces from 0 to 1, got ${share}`);
  if (share === 1) return () => true;
  const threshold = fractionOfMaximum((100 * share) / 100);
  const thresholdHigh = Number(threshold >> 32n);
  const thresholdLow = Number(threshold & 0xffff_ffffn);
  const seed = fnv1a(offsetBasis, Buffer.from(traceShareSalt));
  return (traceId) => {
    const [high, low] = fnv1a(seed, Buffer.from(traceId, 'hex'));
    return high < thresholdHigh || (high === thresholdHigh && low <= thresholdLow);
  };
}

/** A hash of 64 bits as two numbers of 32, without sign: BigInt would be ten times as dear. */
type Hash = readonly [high: number, low: number];

/** @source http://www.isthe.com/chongo/tech/comp/fnv/#FNV-param */
const offsetBasis: Hash = [0xcbf29ce4, 0x84222325];

/** The prime is 2^40 + 435. */
function fnv1a([high, low]: Hash, bytes: Uint8Array): Hash {
  for (const byte of bytes) {
    const mixed = (low ^ byte) >>> 0;
    const product = mixed * 435;
    high = (high * 435 + Math.floor(product / 0x1_0000_0000) + (mixed << 8)) >>> 0;
    low = product >>> 0;
  }
  return [high, low];
}

/** ⌊(2^64 − 1) · ratio⌋, exactly. */
function fractionOfMaximum(ratio: number): bigint {
  let numerator = ratio;
  let bits = 0n;
  for (; !Number.isInteger(numerator); bits++) numerator *= 2;
  return ((2n ** 64n - 1n) * BigInt(numerator)) >> bits;
}
