import { ask } from './shared/ask.ts';
import { choice } from './shared/chance.ts';
import { optionsOf } from './shared/options.ts';
import { pageOfData } from './shared/reads.ts';
import { summarise } from './shared/summary.ts';

const pages = 50;
const rowsApart = 80;

/** Readers of fifty pages of 20 KiB, all as often: a cache that can hold them all helps, one that cannot does not. */
export default function manyPages(): void {
  ask(pageOfData({ limit: 100, offset: rowsApart * choice(pages, 2) }));
}

export const options = optionsOf('many-pages');
export const handleSummary = summarise;
