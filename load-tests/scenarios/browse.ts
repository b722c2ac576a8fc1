import { ask } from './shared/ask.ts';
import { pick } from './shared/chance.ts';
import { optionsOf } from './shared/options.ts';
import { pageOfData, pageOfUsers } from './shared/reads.ts';
import { summarise } from './shared/summary.ts';

/** Readers who page through the data: half of it from the cache, half of it not, as `nocache` asks. */
export default function browse(): void {
  const question = pick([
    () => pageOfData({ limit: 100, nocache: true }),
    () => pageOfData({ limit: 20 }),
    () => pageOfData({ limit: 100, offset: 200, nocache: true }),
    () => pageOfUsers(1, 20),
  ]);
  ask(question());
}

export const options = optionsOf('browse');
export const handleSummary = summarise;
