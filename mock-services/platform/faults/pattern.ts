import { createSequence, type Sequence, type SequenceOptions } from '../sequence.ts';

export interface PatternArgs {
  readonly mode: 'ratio' | 'first' | 'every' | 'exact';
  readonly ratio: number;
  readonly count: number;
  readonly every: number;
  readonly requests: readonly number[];
}

/** Which requests a fault touches, by their numbers, counted from 0. */
export function createPattern(args: PatternArgs, seeded: Omit<SequenceOptions, 'ratio'>): Sequence {
  const { mode, ratio, count, every } = args;
  switch (mode) {
    case 'ratio':
      return createSequence({ ratio, ...seeded });
    case 'first':
      return (index) => index < count;
    case 'every':
      return (index) => (index + 1) % every === 0;
    case 'exact': {
      const listed = new Set(args.requests);
      return (index) => listed.has(index);
    }
  }
}
