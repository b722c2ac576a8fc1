import { hash } from 'node:crypto';

/** Says for each request by its number, counted from 0, whether it fails. */
export type Sequence = (index: number) => boolean;

export interface SequenceOptions {
  /** Share of requests that fail, 0..1. */
  readonly ratio: number;
  readonly seed: string;
  /** Replicas with the same seed and different names fail on different requests. */
  readonly instance: string;
}

/**
 * A sequence without state that is exact: over the first n requests, for every n, the failures are round(ratio · n) ± 1.
 *
 * The requests are cut into strata; stratum j holds the indexes in [⌈j/ratio⌉, ⌈(j+1)/ratio⌉), and exactly one of them
 * fails, chosen by a hash of seed, instance and j. The first n requests hold ⌊ratio · n⌋ whole strata and at most a part
 * of one more, so their failures are ⌊ratio · n⌋ or one more than that. Where in its stratum a failure falls is as good
 * as random, so no rhythm of the caller can hide from it or single it out.
 */
export function createSequence({ ratio, seed, instance }: SequenceOptions): Sequence {
  const { numerator, denominator } = exactFraction(ratio);
  if (numerator === 0n) return () => false;
  const startOf = (stratum: bigint): bigint => ceilingDivide(stratum * denominator, numerator);

  return (index) => {
    const at = BigInt(index);
    const stratum = (at * numerator) / denominator;
    const start = startOf(stratum);
    const width = startOf(stratum + 1n) - start;
    return at - start === chosen(width, [seed, instance, String(stratum)]);
  };
}

/**
 * The decimal fraction a number is written as. A third of 0.3 is not a tenth in floating point, so the strata are laid
 * out in whole numbers: with 0.15, request 20 begins a stratum, as it reads.
 */
function exactFraction(ratio: number): { readonly numerator: bigint; readonly denominator: bigint } {
  const [mantissa = '0', exponent = '0'] = ratio.toString().split('e');
  const [whole = '0', decimals = ''] = mantissa.split('.');
  const scale = decimals.length - Number(exponent);
  return { numerator: BigInt(whole + decimals), denominator: 10n ** BigInt(scale) };
}

function ceilingDivide(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}

/** A number in [0, width), evenly spread over the keys. */
function chosen(width: bigint, key: readonly string[]): bigint {
  const digest = hash('sha256', JSON.stringify(key), 'hex');
  const bits = 64n;
  const draw = BigInt(`0x${digest.slice(0, Number(bits) / 4)}`);
  return (draw * width) >> bits;
}
