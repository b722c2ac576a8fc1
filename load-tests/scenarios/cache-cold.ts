import { seeded } from '../../catalog/stores.ts';
import { ask } from './shared/ask.ts';
import { choice } from './shared/chance.ts';
import { optionsOf } from './shared/options.ts';
import { pageOfData } from './shared/reads.ts';
import { summarise } from './shared/summary.ts';

const limits = { from: 20, to: 60 } as const;

/** Pages of every length from everywhere: two hundred thousand of them, so that the cache has hardly any. */
export default function cacheCold(): void {
  const limit = limits.from + choice(limits.to - limits.from, 2);
  ask(pageOfData({ limit, offset: choice(seeded.rows - limits.to, 3) }));
}

export const options = optionsOf('cache-cold');
export const handleSummary = summarise;
