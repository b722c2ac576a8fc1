import { ask } from './shared/ask.ts';
import { pick } from './shared/chance.ts';
import { optionsOf } from './shared/options.ts';
import { pageOfData, pageOfUsers, summary } from './shared/reads.ts';
import { summarise } from './shared/summary.ts';

/** Readers of a few pages that everybody reads: while the cache is well, the database has nothing to do. */
export default function hotPages(): void {
  const question = pick([
    () => pageOfData({ limit: 20 }),
    () => summary(),
    () => pageOfUsers(1, 20),
    () => pageOfData({ limit: 20, offset: 20 }),
  ]);
  ask(question());
}

export const options = optionsOf('hot-pages');
export const handleSummary = summarise;
